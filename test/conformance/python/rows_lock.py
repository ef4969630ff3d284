"""Rows for Lock and RLock."""

import gc
import os
import signal
import weakref

from table import Child, Task, at_least, at_once, equal, look, raises, row, took, until, waiting, mpctl

lock = {'locks': {'lock': {}}}
tree = {'locks': {'lock': {'reentrant': True}}}


@row('lock', 'Lock.acquire, Lock.release', 'it is free', 'True, then None', **lock,
     covers=['_TestLock.test_lock', 'BaseLockTests.test_acquire_release', 'BaseLockTests.test_constructor',
             'TestSyncManagerTypes.test_lock'])
def lock_acquire_release(n):
    it = mpctl.Lock(n('lock'))
    equal(it.acquire(), True)
    equal(it.release(), None)
    equal(it.acquire(True, None), True)
    equal(it.release(), None)


@row('lock', 'Lock.acquire(False)', 'the same thread holds it', 'False', **lock, covers=['_TestLock.test_lock'])
def lock_try_held(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    equal(it.acquire(False), False)
    equal(it.acquire(block=False), False)
    it.release()


@row('lock', 'Lock.acquire(False)', 'it is free', 'True', **lock, covers=['BaseLockTests.test_try_acquire'])
def lock_try_free(n):
    it = mpctl.Lock(n('lock'))
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'Lock.acquire(False)', 'another thread holds it', 'False', **lock,
     covers=['BaseLockTests.test_try_acquire_contended'])
def lock_try_contended(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    equal(Task(it.acquire, False).result(), False)
    it.release()


@row('lock', 'Lock.acquire(False)', 'another process of the instance holds it', 'False', **lock,
     covers=['BaseLockTests.test_try_acquire_contended'])
def lock_try_forked(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    equal(Child(it.acquire, False).result(), False)
    it.release()
    equal(Child(it.acquire, False).result(), True)


def _hold(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    mpctl.Event(n('held')).set()
    mpctl.Event(n('over')).wait()
    it.release()


@row('lock', 'Lock.acquire(False), Lock.release', 'another instance holds it', 'False; ValueError',
     locks={'lock': {}}, events={'held': {}, 'over': {}}, parties={'other': (_hold, {})})
def lock_of_other_instance(n):
    it = mpctl.Lock(n('lock'))
    mpctl.Event(n('held')).wait()
    equal(it.acquire(False), False)
    raises(ValueError, it.release)
    raises(mpctl.NotOwner, it.release)
    equal(it.acquire(True, 0.05), False)
    mpctl.Event(n('over')).set()
    equal(it.acquire(), True)
    it.release()


@row('lock', 'Lock.release', 'nobody holds it', 'ValueError', **lock, covers=['_TestLock.test_lock'])
def lock_release_free(n):
    it = mpctl.Lock(n('lock'))
    raises(ValueError, it.release)
    it.acquire()
    it.release()
    raises(ValueError, it.release)
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'Lock.release', 'another thread acquired it', 'None, once', **lock,
     covers=['LockTests.test_different_thread'])
def lock_release_other_thread(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    equal(Task(it.release).result(), None)
    raises(ValueError, it.release)
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'Lock.release', 'a forked process of the instance acquired it or released it', 'None, once', **lock,
     covers=['LockTests.test_different_thread'])
def lock_release_forked(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    equal(Child(it.release).result(), None)
    raises(ValueError, it.release)
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'Lock.acquire(True, timeout)', 'it is not released in time', 'False after the time', **lock,
     covers=['BaseLockTests.test_timeout', 'LockTests.test_state_after_timeout'])
def lock_timeout(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    result, seconds = took(it.acquire, True, 0.2)
    equal(result, False)
    at_least(0.2, seconds)
    result, seconds = took(it.acquire, timeout=0.1)
    equal(result, False)
    at_least(0.1, seconds)
    it.release()
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'Lock.acquire(True, timeout)', 'the timeout is zero or negative', 'as without waiting', **lock,
     covers=['BaseLockTests.test_timeout'])
def lock_timeout_zero(n):
    it = mpctl.Lock(n('lock'))
    equal(it.acquire(True, 0), True)
    for timeout in (0, -1, -100.5):
        result, seconds = took(it.acquire, True, timeout)
        equal(result, False)
        at_once(seconds)
    it.release()
    equal(it.acquire(True, -1), True)
    it.release()


@row('lock', 'Lock.acquire(False, timeout)', 'it is held', 'False at once: the timeout is ignored', **lock,
     covers=['BaseLockTests.test_timeout'])
def lock_timeout_ignored(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    result, seconds = took(it.acquire, False, 20)
    equal(result, False)
    at_once(seconds)
    it.release()


@row('lock', 'Lock.acquire(True, timeout)', 'the timeout is a very long one', 'True', **lock,
     covers=['BaseLockTests.test_timeout'])
def lock_timeout_long(n):
    it = mpctl.Lock(n('lock'))
    for timeout in (5, 3600.0 * 24 * 365, 2.0**53, float('inf')):
        result, seconds = took(it.acquire, timeout=timeout)
        equal(result, True)
        at_once(seconds)
        it.release()


@row('lock', 'Lock.acquire(True, timeout)', 'the timeout is very long and it is held', 'waits, then True', **lock,
     covers=['BaseLockTests.test_timeout'])
def lock_timeout_long_held(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    other = Task(it.acquire, True, 3600.0 * 24 * 365)
    until(lambda: waiting('lock', it.name) == 1)
    assert not other.is_over
    it.release()
    equal(other.result(), True)
    it.release()


@row('lock', 'Lock.acquire', 'five threads wait for it', 'none before the release, all after it', **lock,
     covers=['BaseLockTests.test_acquire_contended', 'BaseLockTests.test_thread_leak'])
def lock_contended(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()

    def through():
        it.acquire()
        it.release()

    others = [Task(through) for _ in range(5)]
    until(lambda: waiting('lock', it.name) == 5)
    equal([other.is_over for other in others], [False] * 5)
    it.release()
    for other in others:
        other.result()
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'Lock.acquire', 'many short threads use it one after the other', 'each gets it', **lock,
     covers=['BaseLockTests.test_thread_leak'])
def lock_short_threads(n):
    it = mpctl.Lock(n('lock'))

    def through():
        it.acquire()
        it.release()

    for _ in range(15):
        Task(through).result()
    # Connections go from thread to thread instead of adding up.
    assert len(mpctl._client.streams) <= 3, len(mpctl._client.streams)


@row('lock', 'with Lock', 'the block ends, by an exception too', 'held inside, released after it', **lock,
     covers=['_TestLock.test_lock_context', 'BaseLockTests.test_with'])
def lock_with(n):
    it = mpctl.Lock(n('lock'))
    with it as entered:
        equal(entered, True)
        equal(it.acquire(False), False)
    equal(Task(it.acquire, False).result(), True)
    it.release()

    def failing():
        with it:
            raise TypeError

    raises(TypeError, failing)
    equal(Task(it.acquire, False).result(), True)
    it.release()


@row('lock', 'Lock.acquire', 'a thread acquires it again, and another thread releases it', 'the second acquire ends',
     **lock, covers=['LockTests.test_reacquire'])
def lock_reacquire(n):
    it = mpctl.Lock(n('lock'))
    phases = []

    def twice():
        it.acquire()
        phases.append(1)
        it.acquire(True, 20)
        phases.append(2)

    other = Task(twice)
    until(lambda: waiting('lock', it.name) == 1)
    equal(phases, [1])
    it.release()
    other.result()
    equal(phases, [1, 2])
    it.release()


@row('lock', 'Lock.acquire', 'the same thread holds it and nobody else can release it', 'Deadlock instead of a hang',
     **lock)
def lock_acquire_twice(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    raises(mpctl.Deadlock, it.acquire)
    it.release()
    equal(it.acquire(False), True)
    it.release()


@row('lock', 'repr(Lock)', 'free and held', 'names its owner', **lock,
     covers=['BaseLockTests.test_repr', 'BaseLockTests.test_locked_repr'])
def lock_repr(n):
    it = mpctl.Lock(n('lock'))
    assert 'owner=None' in repr(it), repr(it)
    it.acquire()
    assert 'owner=lock_repr' in repr(it), repr(it)
    it.release()


@row('lock', 'del Lock', 'it is held', 'the object goes, weak references too; the named lock stays held', **lock,
     covers=['BaseLockTests.test_acquire_destroy', 'BaseLockTests.test_weakref_exists',
             'BaseLockTests.test_weakref_deleted'])
def lock_destroy(n):
    it = mpctl.Lock(n('lock'))
    it.acquire()
    reference = weakref.ref(it)
    assert reference() is it
    del it
    gc.collect()
    equal(reference(), None)
    again = mpctl.Lock(n('lock'))
    equal(again.acquire(False), False)
    equal(again.release(), None)


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


@row('lock', 'RLock.acquire, RLock.release', 'entered three times', 'as many releases leave it; one more AssertionError',
     **tree, covers=['_TestLock.test_rlock', 'RLockTests.test_reacquire', 'RLockTests.test_release_unacquired',
                     'TestSyncManagerTypes.test_rlock'])
def rlock_nested(n):
    it = mpctl.RLock(n('lock'))
    raises(AssertionError, it.release)
    for _ in range(3):
        equal(it.acquire(), True)
    equal(Task(it.acquire, False).result(), False)
    for left in (2, 1, 0):
        equal(it.release(), None)
        equal(look('lock', it.name)['free'], 0 if left else 1)
    raises((AssertionError, RuntimeError), it.release)
    raises(mpctl.NotOwner, it.release)


@row('lock', 'RLock.release', 'another thread of the process holds it', 'AssertionError', **tree,
     covers=['RLockTests.test_different_thread'])
def rlock_other_thread(n):
    it = mpctl.RLock(n('lock'))
    it.acquire()

    def release():
        raises(AssertionError, it.release)

    Task(release).result()
    Child(release).result()
    equal(Task(it.acquire, False).result(), False)
    equal(it.release(), None)


@row('lock', 'RLock.acquire(False)', 'another thread or process holds it', 'False', **tree,
     covers=['BaseLockTests.test_try_acquire_contended'])
def rlock_try_contended(n):
    it = mpctl.RLock(n('lock'))
    equal(it.acquire(False), True)
    equal(it.acquire(False), True)
    equal(Task(it.acquire, False).result(), False)
    equal(Child(it.acquire, False).result(), False)
    it.release()
    equal(Task(it.acquire, False).result(), False)
    it.release()
    equal(Task(lambda: [it.acquire(False), it.release()]).result(), [True, None])


@row('lock', 'RLock.acquire', 'five threads wait for it', 'none before the last release, all after it', **tree,
     covers=['BaseLockTests.test_acquire_contended', 'BaseLockTests.test_with'])
def rlock_contended(n):
    it = mpctl.RLock(n('lock'))
    it.acquire()
    it.acquire()

    def through():
        with it, it:
            pass

    others = [Task(through) for _ in range(5)]
    until(lambda: waiting('lock', it.name) == 5)
    it.release()
    equal([other.is_over for other in others], [False] * 5)
    it.release()
    for other in others:
        other.result()
    equal(look('lock', it.name)['free'], 1)


@row('lock', 'RLock.acquire(True, timeout)', 'another thread holds it', 'False after the time', **tree,
     covers=['BaseLockTests.test_timeout'])
def rlock_timeout(n):
    it = mpctl.RLock(n('lock'))
    it.acquire()
    result, seconds = Task(lambda: took(it.acquire, True, 0.2)).result()
    equal(result, False)
    at_least(0.2, seconds)
    it.release()


@row('lock', 'RLock.acquire', 'a thread ended while it held it', 'held until the process ends', **tree)
def rlock_thread_ended(n):
    it = mpctl.RLock(n('lock'))

    def in_child():
        Task(it.acquire).result()
        return mpctl.RLock(n('lock')).acquire(False) is False

    equal(Child(in_child).result(), True)
    equal(it.acquire(True, 20), True)
    it.release()


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


@row('lock', 'Lock of a name', 'the spec has none of it', 'NotFound; no TypeError from the constructor', **lock)
def lock_unknown(n):
    raises(mpctl.NotFound, mpctl.Lock('nowhere').acquire)
    raises(TypeError, mpctl.Lock, 7)
    equal(mpctl.Lock(n('lock')).acquire(), True)
