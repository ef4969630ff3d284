"""Rows for RLock."""

from table import Child, Task, at_least, equal, look, mpctl, raises, row, took, until, waiting

tree = {'locks': {'lock': {'reentrant': True}}}


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
