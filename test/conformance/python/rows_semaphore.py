"""Rows for Semaphore and BoundedSemaphore."""

from table import Child, Task, at_least, at_once, equal, mpctl, raises, row, took, until, waiting


def semaphore(permits, bounded=False):
    return {'semaphores': {'permits': {'permits': permits, 'bounded': bounded}}}


@row('semaphore', 'Semaphore.acquire, release, get_value', 'two permits', 'counts down and up, beyond the start too',
     **semaphore(2), covers=['_TestSemaphore.test_semaphore', 'SemaphoreTests.test_release_unacquired',
                             'BaseSemaphoreTests.test_acquire', 'TestSyncManagerTypes.test_semaphore'])
def semaphore_counts(n):
    it = mpctl.Semaphore(n('permits'))
    equal(it.get_value(), 2)
    equal(it.acquire(), True)
    equal(it.get_value(), 1)
    equal(it.acquire(), True)
    equal(it.get_value(), 0)
    equal(it.acquire(False), False)
    equal(it.get_value(), 0)
    for value in (1, 2, 3, 4):
        equal(it.release(), None)
        equal(it.get_value(), value)


@row('semaphore', 'BoundedSemaphore.acquire, release, get_value', 'two permits', 'counts; a release too many ValueError',
     **semaphore(2, bounded=True),
     covers=['_TestSemaphore.test_bounded_semaphore', 'BoundedSemaphoreTests.test_release_unacquired',
             'BaseSemaphoreTests.test_acquire', 'TestSyncManagerTypes.test_bounded_semaphore'])
def bounded_counts(n):
    it = mpctl.BoundedSemaphore(n('permits'))
    raises(ValueError, it.release)
    equal(it.acquire(), True)
    equal(it.acquire(), True)
    equal(it.get_value(), 0)
    equal(it.acquire(False), False)
    equal(it.release(), None)
    equal(it.release(), None)
    raises(ValueError, it.release)
    equal(it.get_value(), 2)


@row('semaphore', 'Semaphore.release', 'the spec says `bounded: true`', 'ValueError, whatever the class',
     **semaphore(1, bounded=True), covers=['BoundedSemaphoreTests.test_release_unacquired'])
def semaphore_of_bounded(n):
    raises(ValueError, mpctl.Semaphore(n('permits')).release)


@row('semaphore', 'Semaphore.acquire', 'no permits at the start; every form of waiting', 'False in its time',
     **semaphore(0), covers=['_TestSemaphore.test_timeout', 'BaseSemaphoreTests.test_acquire_timeout'])
def semaphore_timeout(n):
    it = mpctl.Semaphore(n('permits'))
    for arguments in ((False,), (False, None), (False, 20), (True, 0), (True, -3)):
        result, seconds = took(it.acquire, *arguments)
        equal(result, False)
        at_once(seconds)
    result, seconds = took(it.acquire, True, 0.1)
    equal(result, False)
    at_least(0.1, seconds)
    result, seconds = took(it.acquire, timeout=0.2)
    equal(result, False)
    at_least(0.2, seconds)
    it.release()
    equal(it.acquire(True, 5), True)


@row('semaphore', 'BoundedSemaphore.acquire, release', 'no permits, and never any',
     'False in its time; Refused where Python waits for ever; a release ValueError', **semaphore(0, bounded=True))
def bounded_without_permits(n):
    it = mpctl.BoundedSemaphore(n('permits'))
    equal(it.get_value(), 0)
    equal([it.acquire(False), it.acquire(True, 0)], [False, False])
    result, seconds = took(it.acquire, True, 0.1)
    equal(result, False)
    at_least(0.1, seconds)
    raises(mpctl.Refused, it.acquire)
    raises(ValueError, it.release)


@row('semaphore', 'Semaphore.acquire(timeout)', 'a permit comes back in time', 'True', **semaphore(1),
     covers=['BaseSemaphoreTests.test_acquire_timeout'])
def semaphore_timeout_met(n):
    it = mpctl.Semaphore(n('permits'))
    it.acquire()
    other = Task(it.acquire, True, 20)
    until(lambda: waiting('semaphore', it.name) == 1)
    it.release()
    equal(other.result(), True)


@row('semaphore', 'Semaphore.acquire(False)', 'permits are left or not', 'True or False', **semaphore(2),
     covers=['BaseSemaphoreTests.test_try_acquire'])
def semaphore_try(n):
    it = mpctl.Semaphore(n('permits'))
    equal([it.acquire(False) for _ in range(3)], [True, True, False])
    it.release()
    equal(it.acquire(False), True)


@row('semaphore', 'Semaphore.acquire(False)', 'five threads ask twice for three permits', 'True three times',
     **semaphore(4), covers=['BaseSemaphoreTests.test_try_acquire_contended'])
def semaphore_try_contended(n):
    it = mpctl.Semaphore(n('permits'))
    it.acquire()
    tasks = [Task(lambda: [it.acquire(False), it.acquire(False)]) for _ in range(5)]
    equal(sorted(sum((task.result() for task in tasks), [])), [False] * 7 + [True] * 3)


def _contended(n, release):
    it = mpctl.Semaphore(n('permits'))
    it.acquire()
    passed = []

    def twice():
        it.acquire()
        passed.append(1)
        it.acquire()
        passed.append(2)

    tasks = [Task(twice) for _ in range(10)]

    def granted(count):
        # Whoever is quick may have passed twice already; all others wait.
        until(lambda: len(passed) == count and waiting('semaphore', it.name) == 10 - passed.count(2))

    granted(6)
    release(it, 7)
    granted(13)
    release(it, 6)
    granted(19)
    equal(it.acquire(False), False)
    release(it, 1)
    for task in tasks:
        task.result()
    equal(sorted(passed), [1] * 10 + [2] * 10)


@row('semaphore', 'Semaphore.acquire', 'ten threads acquire twice', 'as many go on as permits come', **semaphore(7),
     covers=['BaseSemaphoreTests.test_acquire_contended'])
def semaphore_contended(n):
    def release(it, count):
        for _ in range(count):
            it.release()

    _contended(n, release)


@row('semaphore', 'Semaphore.acquire', 'the only permit is held', 'waits for the release', **semaphore(1),
     covers=['BaseSemaphoreTests.test_default_value'])
def semaphore_waits(n):
    it = mpctl.Semaphore(n('permits'))
    it.acquire()
    other = Task(lambda: [it.acquire(), it.release()])
    until(lambda: waiting('semaphore', it.name) == 1)
    assert not other.is_over
    it.release()
    equal(other.result(), [True, None])


@row('semaphore', 'with Semaphore', 'nested, and left by an exception', 'held inside, released after it',
     **semaphore(2, bounded=True), covers=['BaseSemaphoreTests.test_with'])
def semaphore_with(n):
    it = mpctl.BoundedSemaphore(n('permits'))

    def nested(error=None):
        with it as entered:
            equal(entered, True)
            equal(it.acquire(False), True)
            it.release()
            with it:
                equal(it.acquire(False), False)
                if error is not None:
                    raise error

    nested()
    equal(it.get_value(), 2)
    raises(TypeError, nested, TypeError)
    equal(it.get_value(), 2)


@row('semaphore', 'repr(Semaphore)', 'held and released', 'shows its value', **semaphore(3),
     covers=['SemaphoreTests.test_repr', 'BoundedSemaphoreTests.test_repr'])
def semaphore_repr(n):
    it = mpctl.Semaphore(n('permits'))
    assert 'value=3' in repr(it), repr(it)
    it.acquire()
    assert 'value=2' in repr(it), repr(it)
    it.release()
    it.release()
    assert 'value=4' in repr(it), repr(it)
    assert 'value=4' in repr(mpctl.BoundedSemaphore(n('permits')))


@row('semaphore', 'Semaphore.release', 'by another process than the one that acquired', 'None', **semaphore(1),
     covers=['_TestCondition.test_notify'])
def semaphore_release_forked(n):
    it = mpctl.Semaphore(n('permits'))
    it.acquire()
    equal(Child(it.release).result(), None)
    equal(it.acquire(False), True)


def _acquire_and_wait(n):
    it = mpctl.Semaphore(n('permits'))
    it.acquire()
    mpctl.Event(n('held')).set()
    mpctl.Event(n('over')).wait()
    it.release()


@row('semaphore', 'Semaphore.release', 'by an instance that holds none', 'None: it returns the permit of another',
     semaphores={'permits': {'permits': 1, 'bounded': False}}, events={'held': {}, 'over': {}},
     parties={'other': (_acquire_and_wait, {})})
def semaphore_foreign_release(n):
    it = mpctl.Semaphore(n('permits'))
    mpctl.Event(n('held')).wait()
    equal(it.get_value(), 0)
    equal(it.release(), None)
    equal(it.get_value(), 1)
    mpctl.Event(n('over')).set()
    until(lambda: it.get_value() == 2)


@row('semaphore', 'del Semaphore', 'it is held', 'the permit stays taken until the process ends', **semaphore(1),
     covers=['BaseSemaphoreTests.test_acquire_destroy'])
def semaphore_destroy(n):
    it = mpctl.Semaphore(n('permits'))

    def in_child():
        mpctl.Semaphore(n('permits')).acquire()
        return it.acquire(False)

    equal(Child(in_child).result(), False)
    equal(it.acquire(True, 20), True)


@row('semaphore', 'Semaphore of a name', 'constructor', 'TypeError for what is no name; permits come from the spec',
     **semaphore(2), covers=['BaseSemaphoreTests.test_constructor'])
def semaphore_constructor(n):
    raises(TypeError, mpctl.Semaphore, -1)
    raises(TypeError, mpctl.Semaphore, 2)
    equal(mpctl.Semaphore(n('permits')).get_value(), 2)


@row('semaphore', 'Semaphore.acquire', 'forked processes share two permits', 'never three inside',
     semaphores={'permits': 2}, values={'inside': 0})
def semaphore_excludes(n):
    def enter():
        it, inside = mpctl.Semaphore(n('permits')), mpctl.Value(n('inside'))
        most = 0
        for _ in range(20):
            with it:
                most = max(most, inside.add(1))
                inside.add(-1)
        return most

    children = [Child(enter) for _ in range(4)]
    assert max(child.result() for child in children) <= 2


@row('semaphore', 'Semaphore.acquire, get_value, release', 'the name is that of a lock',
     'NotFound, which says what it is; the lock is free', locks={'file': {}})
def semaphore_of_a_lock(n):
    it = mpctl.Semaphore(n('file'))
    for call in (it.acquire, it.get_value, it.release):
        message = str(raises(mpctl.NotFound, call))
        equal(message, f'`{n("file")}` is a lock, and no semaphore: use it as a lock')
    lock = mpctl.Lock(n('file'))
    equal(lock.acquire(False), True)
    lock.release()


@row('semaphore', 'Lock.acquire', 'the name is that of a semaphore', 'NotFound, which says what it is', **semaphore(1))
def lock_of_a_semaphore(n):
    message = str(raises(mpctl.NotFound, mpctl.Lock(n('permits')).acquire))
    equal(message, f'`{n("permits")}` is a semaphore, and no lock: use it as a semaphore')
    equal(mpctl.Semaphore(n('permits')).get_value(), 1)
