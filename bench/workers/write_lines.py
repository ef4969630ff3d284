"""Writes lines to standard output as fast as it is taken, and to a file how long that took, in ms: MEBIBYTES FILE."""

import os
import sys
import time

mebibytes = int(sys.argv[1])
# Of 80 bytes a line, so that few blocks end with one.
block = ((b"x" * 79 + b"\n") * 820)[: 64 * 1024]
began = time.monotonic()
for _ in range(mebibytes * 16):
    rest = block
    while rest:
        rest = rest[os.write(1, rest):]
took_ms = (time.monotonic() - began) * 1000
with open(sys.argv[2], "w") as file:
    file.write(str(took_ms))
