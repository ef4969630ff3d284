"""Writes the name of each signal that reaches it to the file $1, and ends $2 seconds after the first that asks it to."""

import os
import signal
import sys
import time

file, linger = sys.argv[1], float(sys.argv[2])
asked = []


def note(number, _frame):
    with open(file, 'a') as notes:
        notes.write(signal.Signals(number).name + '\n')
    if number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        asked.append(number)


for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGWINCH, signal.SIGUSR1, signal.SIGCONT):
    signal.signal(number, note)
print(f'pid {os.getpid()}', flush=True)
while not asked:
    # A signal between the test and the sleep is noticed so late.
    time.sleep(0.05)
until = time.monotonic() + linger
while time.monotonic() < until:
    time.sleep(0.05)
