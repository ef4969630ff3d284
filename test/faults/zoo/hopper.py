"""Is another process every 2 ms, in a session of its own: forks and ends; ignores SIGTERM."""

import os
import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(f'pid {os.getpid()}', flush=True)
if os.fork() != 0:
    # The leader stays: it is the one that hops away that has to be found.
    time.sleep(300)
os.setsid()
with open('hopping', 'w') as hopping:
    hopping.write('yes\n')
while True:
    if os.fork() != 0:
        os._exit(0)
    time.sleep(0.002)
