"""Rows for Lock."""

import gc
import weakref

from table import Child, Task, at_least, at_once, equal, mpctl, raises, row, took, until, waiting

lock = {'locks': {'lock': {}}}


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


@row('lock', 'Lock of a name', 'the spec has none of it', 'NotFound; no TypeError from the constructor', **lock)
def lock_unknown(n):
    raises(mpctl.NotFound, mpctl.Lock('nowhere').acquire)
    raises(TypeError, mpctl.Lock, 7)
    equal(mpctl.Lock(n('lock')).acquire(), True)
