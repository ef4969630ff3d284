"""Gives COUNT trivial tasks to the 4 workers of a multiprocessing.Pool, one at a time; prints how many in a second."""

import multiprocessing
import sys
import time


def task(number):
    return number


if __name__ == "__main__":
    count = int(sys.argv[1])
    with multiprocessing.Pool(4) as pool:
        # Its workers have started when the first answer is there.
        pool.apply(task, (0,))
        began = time.perf_counter()
        for _ in pool.imap_unordered(task, range(count)):
            pass
        print("rate", count / (time.perf_counter() - began))
