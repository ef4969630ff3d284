"""`ping COUNT` sends a message through the pipe `talk` and waits for the answer, again and again; `pong` answers."""

import sys
import time

import mpctl

connection = mpctl.Connection('talk')
if sys.argv[1] == 'pong':
    try:
        while True:
            connection.send(connection.recv())
    except EOFError:
        pass
else:
    count = int(sys.argv[2])
    connection.send(0)
    connection.recv()
    began = time.perf_counter()
    for item in range(count):
        connection.send(item)
        connection.recv()
    print('rate', count / (time.perf_counter() - began))
    connection.close()
