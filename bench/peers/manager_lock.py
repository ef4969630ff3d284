"""CLIENTS processes take and release one Manager().Lock COUNT times each; prints how often in a second, all together."""

import multiprocessing
import sys
import time


def work(lock, count, barrier, rates):
    with lock:
        pass
    barrier.wait()
    began = time.perf_counter()
    for _ in range(count):
        with lock:
            pass
    rates.put(count / (time.perf_counter() - began))


if __name__ == "__main__":
    clients, count = int(sys.argv[1]), int(sys.argv[2])
    lock = multiprocessing.Manager().Lock()
    barrier = multiprocessing.Barrier(clients)
    rates = multiprocessing.SimpleQueue()
    workers = [multiprocessing.Process(target=work, args=(lock, count, barrier, rates)) for _ in range(clients)]
    for worker in workers:
        worker.start()
    print("rate", sum(rates.get() for _ in workers))
    for worker in workers:
        worker.join()
