"""Rows for Lock where a process is forked, killed or interrupted."""

import os
import signal

from table import Child, Task, equal, mpctl, raises, row, until, waiting

lock = {'locks': {'lock': {}}}


@row('lock', 'Lock.acquire', 'forked processes contend for it', 'never two inside',
     locks={'lock': {}}, values={'inside': 0, 'entered': 0})
def lock_excludes(n):
    def enter():
        it, inside = mpctl.Lock(n('lock')), mpctl.Value(n('inside'))
        for _ in range(30):
            with it:
                equal(inside.add(1), 1)
                inside.add(-1)
        return True

    children = [Child(enter) for _ in range(4)]
    equal([child.result() for child in children], [True] * 4)


@row('lock', 'Lock.acquire in a forked child', 'the parent has used its connection before', 'its own hold', **lock)
def lock_fork_connection(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    it.release()

    def in_child():
        it.acquire()
        # Ends with the lock held: the end of the process releases it.
        return [it.token, len(mpctl._client.streams)]

    token, streams = Child(in_child).result()
    equal(streams, 1)
    equal(it.acquire(), True)
    assert it.token > token, (it.token, token)
    assert it.owner_died
    it.release()


@row('lock', 'Lock.acquire', 'its holder was killed', 'True, with `owner_died` and a higher fencing number', **lock)
def lock_owner_died(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    first = it.token
    it.release()
    reader, writer = os.pipe()
    child = Child(_hold_and_wait, it, writer)
    os.read(reader, 1)
    equal(it.acquire(False), False)
    child.kill()
    equal(it.acquire(True, 20), True)
    assert it.owner_died
    assert it.token > first, (it.token, first)
    it.release()
    it.acquire()
    assert not it.owner_died
    it.release()


def _hold_and_wait(it, writer):
    it.acquire()
    os.write(writer, b'x')
    # Waits to be killed: nobody writes into this pipe.
    os.read(os.pipe()[0], 1)


@row('lock', 'Lock.acquire', 'Ctrl-C while it waits', 'KeyboardInterrupt; the lock is not taken later', **lock)
def lock_interrupted(n):
    it = mpctl.Lock(n('lock'))
    held = Task(it.acquire)
    held.result()
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt():
        until(lambda: waiting('lock', it.name) == 1)
        os.kill(os.getpid(), signal.SIGINT)

    other = Task(interrupt)
    raises(KeyboardInterrupt, it.acquire, True, 20)
    other.result()
    equal(waiting('lock', it.name), 0)
    it.release()
    equal(Task(it.acquire, False).result(), True)
    it.release()


@row('lock', 'Lock.acquire in a signal handler', 'its thread waits in mpctl', 'both waits end as they should',
     locks={'lock': {}, 'other': {}}, events={'go': {}})
def lock_in_signal_handler(n):
    go = mpctl.Event(n('go'))
    other = mpctl.Lock(n('other'))

    def handle(*_):
        with other:
            go.set()

    signal.signal(signal.SIGUSR1, handle)

    def interrupt():
        until(lambda: waiting('event', go.name) == 1)
        os.kill(os.getpid(), signal.SIGUSR1)

    task = Task(interrupt)
    equal(go.wait(20), True)
    task.result()
    equal(other.acquire(False), True)
    other.release()
