"""COUNT round trips of a message through a multiprocessing.Pipe; prints how many in a second."""

import multiprocessing
import sys
import time


def answer(connection, other_end):
    other_end.close()
    try:
        while True:
            connection.send(connection.recv())
    except EOFError:
        pass


if __name__ == "__main__":
    count = int(sys.argv[1])
    ours, theirs = multiprocessing.Pipe()
    peer = multiprocessing.Process(target=answer, args=(theirs, ours))
    peer.start()
    theirs.close()
    ours.send(0)
    ours.recv()
    began = time.perf_counter()
    for item in range(count):
        ours.send(item)
        ours.recv()
    print("rate", count / (time.perf_counter() - began))
    ours.close()
    peer.join()
