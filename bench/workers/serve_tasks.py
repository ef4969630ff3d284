"""A worker of a pool: an item is how long its task takes, in ms, and nearly nothing where it is 0."""

import time

import mpctl


def task(item):
    milliseconds = item if isinstance(item, int) else int(item)
    if milliseconds > 0:
        time.sleep(milliseconds / 1000)
    return item


mpctl.serve(task)
