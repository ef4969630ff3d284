"""Leaves a daemon in a session of its own every 5 ms; ignores SIGTERM, and the daemons do."""

import os
import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print(f'pid {os.getpid()}', flush=True)
if os.fork() != 0:
    # The leader stays: it is the one that has left that has to be found.
    time.sleep(300)
os.setsid()
while True:
    if os.fork() == 0:
        os.setsid()
        time.sleep(300)
        os._exit(0)
    time.sleep(0.005)
