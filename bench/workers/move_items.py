"""`put COUNT` puts small items into the queue `work`, `get` gets them all and prints how many in a second."""

import sys
import time

import mpctl

queue = mpctl.Queue('work')
if sys.argv[1] == 'put':
    for item in range(int(sys.argv[2])):
        queue.put(item)
else:
    count = int(sys.argv[2])
    queue.get()
    began = time.perf_counter()
    for _ in range(count - 1):
        queue.get()
    print('rate', (count - 1) / (time.perf_counter() - began))
