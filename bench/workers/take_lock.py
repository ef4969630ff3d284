"""Takes and releases the lock `file` COUNT times, one after the other; prints how often in a second."""

import sys
import time

import mpctl

count = int(sys.argv[1])
lock = mpctl.Lock('file')
with lock:
    pass
mpctl.Barrier('go').wait()
began = time.perf_counter()
for _ in range(count):
    with lock:
        pass
print('rate', count / (time.perf_counter() - began))
