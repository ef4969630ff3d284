"""One process puts COUNT small items into a queue, another gets them; prints how many in a second. KIND is `queue`
(multiprocessing.Queue, with CAPACITY or 0) or `manager` (Manager().Queue)."""

import multiprocessing
import sys
import time


def produce(queue, count):
    for item in range(count):
        queue.put(item)


if __name__ == "__main__":
    kind, count, capacity = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    queue = multiprocessing.Queue(capacity) if kind == "queue" else multiprocessing.Manager().Queue(capacity)
    producer = multiprocessing.Process(target=produce, args=(queue, count))
    producer.start()
    queue.get()
    began = time.perf_counter()
    for _ in range(count - 1):
        queue.get()
    print("rate", (count - 1) / (time.perf_counter() - began))
    producer.join()
