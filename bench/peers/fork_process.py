"""Starts and joins COUNT processes of CPython's multiprocessing, forked, one after the other."""

import multiprocessing
import sys


def nothing():
    pass


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    for _ in range(int(sys.argv[1])):
        process = context.Process(target=nothing)
        process.start()
        process.join()
