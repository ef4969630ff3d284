"""Rows for Condition."""

import os
import signal

from table import Child, Task, at_least, at_once, equal, look, mpctl, raises, row, took, until

plain = {'locks': {'lock': {}}, 'conditions': {'changed': {'lock': '@lock'}}}
nested = {'locks': {'lock': {'reentrant': True}}, 'conditions': {'changed': {'lock': '@lock'}}}
counted = {**nested, 'semaphores': {'sleeping': {'permits': 0, 'bounded': False}, 'woken': {'permits': 0, 'bounded': False}}}


def condition(n, kind=None):
    return mpctl.Condition(n('changed'), (kind or mpctl.RLock)(n('lock')))


def _sleep(n, timeout=None):
    it = condition(n)
    it.acquire()
    mpctl.Semaphore(n('sleeping')).release()
    result = it.wait(timeout)
    mpctl.Semaphore(n('woken')).release()
    it.release()
    return result


def _sleepers(n, processes, threads, timeout=None):
    """Those that wait; returns when all of them do."""
    tasks = [Child(_sleep, n, timeout) for _ in range(processes)]
    tasks += [Task(_sleep, n, timeout) for _ in range(threads)]
    for _ in tasks:
        mpctl.Semaphore(n('sleeping')).acquire()
    # Whoever has the lock now knows that each has given it up, which only waiting does.
    with condition(n):
        pass
    return tasks


def _notify(n, *count):
    it = condition(n)
    it.acquire()
    equal(it.notify(*count), None)
    it.release()


def _woken(n):
    return mpctl.Semaphore(n('woken')).get_value()


@row('condition', 'Condition.notify', 'a process and a thread wait', 'wakes one each time', **counted,
     covers=['_TestCondition.test_notify', 'TestSyncManagerTypes.test_condition'])
def condition_notify(n):
    tasks = _sleepers(n, 1, 1)
    equal(_woken(n), 0)
    _notify(n)
    until(lambda: _woken(n) == 1)
    with condition(n):
        equal(_woken(n), 1)
    _notify(n)
    until(lambda: _woken(n) == 2)
    equal([task.result() for task in tasks], [True, True])


@row('condition', 'Condition.notify_all', 'three processes and three threads wait', 'wakes all', **counted,
     covers=['_TestCondition.test_notify_all'])
def condition_notify_all(n):
    tasks = _sleepers(n, 3, 3)
    equal(_woken(n), 0)
    it = condition(n)
    with it:
        equal(it.notify_all(), None)
    until(lambda: _woken(n) == 6)
    equal([task.result() for task in tasks], [True] * 6)


@row('condition', 'Condition.wait(timeout)', 'six wait and nobody notifies', 'False for each; then it works as before',
     **counted, covers=['_TestCondition.test_notify_all', 'ConditionTests.test_timeout'])
def condition_all_time_out(n):
    tasks = _sleepers(n, 1, 2, 0.2)
    equal([task.result() for task in tasks], [False] * 3)
    equal(_woken(n), 3)
    tasks = _sleepers(n, 1, 1)
    with condition(n) as entered:
        equal(entered, True)
        condition(n).notify_all()
    equal([task.result() for task in tasks], [True] * 2)


@row('condition', 'Condition.notify(n)', 'six wait', 'wakes n, then the rest, then nobody', **counted,
     covers=['_TestCondition.test_notify_n', 'ConditionTests.test_notify'])
def condition_notify_n(n):
    tasks = _sleepers(n, 3, 3)
    _notify(n, 2)
    until(lambda: _woken(n) == 2)
    with condition(n):
        equal(_woken(n), 2)
    _notify(n, 4)
    until(lambda: _woken(n) == 6)
    _notify(n, 3)
    equal([task.result() for task in tasks], [True] * 6)
    equal(_woken(n), 6)


@row('condition', 'Condition.notify', 'threads wait twice', 'in order of arrival, never without a notification', **counted,
     covers=['ConditionTests.test_notify'])
def condition_notify_order(n):
    order = []

    def wait(number):
        _sleep(n)
        order.append(number)

    tasks = []
    for number in range(4):
        tasks.append(Task(wait, number))
        mpctl.Semaphore(n('sleeping')).acquire()
        with condition(n):
            pass
    for count in range(1, 5):
        _notify(n)
        until(lambda: len(order) == count)
    equal(order, [0, 1, 2, 3])
    for task in tasks:
        task.result()


@row('condition', 'Condition.wait(timeout)', 'nobody notifies', 'False after the time, with the lock held', **nested,
     covers=['_TestCondition.test_timeout'])
def condition_timeout(n):
    it = condition(n)
    it.acquire()
    result, seconds = took(it.wait, 0.2)
    equal(result, False)
    at_least(0.2, seconds)
    equal(Task(it.acquire, False).result(), False)
    it.release()
    equal(look('lock', n('lock'))['free'], 1)


@row('condition', 'Condition.wait(0)', 'nobody notifies', 'False at once', **nested,
     covers=['_TestCondition.test_wait_result'])
def condition_timeout_zero(n):
    it = condition(n)
    with it:
        for timeout in (0, -1):
            result, seconds = took(it.wait, timeout)
            equal(result, False)
            at_once(seconds)


@row('condition', 'Condition.wait', 'the lock is held three times', 'given up wholly and held three times again', **nested)
def condition_gives_up_all(n):
    it = condition(n)
    for _ in range(3):
        it.acquire()

    def notify():
        with it:
            it.notify()

    other = Task(notify)
    equal(it.wait(20), True)
    other.result()
    for _ in range(3):
        equal(Task(it.acquire, False).result(), False)
        it.release()
    equal(look('lock', n('lock'))['free'], 1)
    raises(AssertionError, it.release)


@row('condition', 'Condition.wait', 'the lock is not held', 'AssertionError or RuntimeError', **nested,
     covers=['ConditionTests.test_unacquired_wait'])
def condition_wait_unheld(n):
    it = condition(n)
    raises((AssertionError, RuntimeError), it.wait)
    raises((AssertionError, RuntimeError), it.wait, 0)
    it.acquire()
    raises((AssertionError, RuntimeError), Task(it.wait, 0).result)
    it.release()


@row('condition', 'Condition.notify, notify_all', 'the lock is not held', 'AssertionError or RuntimeError', **nested,
     covers=['ConditionTests.test_unacquired_notify'])
def condition_notify_unheld(n):
    it = condition(n)
    raises((AssertionError, RuntimeError), it.notify)
    raises((AssertionError, RuntimeError), it.notify_all)


@row('condition', 'Condition.acquire, release', 'over a reentrant lock', 'nests, as its default lock does in Python',
     **nested, covers=['ConditionTests.test_acquire'])
def condition_acquire_nested(n):
    it = condition(n)
    equal(it.acquire(), True)
    equal(it.acquire(), True)
    equal(it.release(), None)
    equal(it.release(), None)
    raises((AssertionError, RuntimeError), it.release)


@row('condition', 'Condition.acquire, release, with', 'over a plain lock, given by name or as Lock', 'is that lock',
     **plain, covers=['ConditionTests.test_acquire'])
def condition_acquire_plain(n):
    lock = mpctl.Lock(n('lock'))
    for it in (condition(n, mpctl.Lock), mpctl.Condition(n('changed'), n('lock'))):
        it.acquire()
        equal(lock.acquire(False), False)
        it.release()
        equal(lock.acquire(False), True)
        equal(it.acquire(False), False)
        equal(it.acquire(True, 0.05), False)
        lock.release()
        with it:
            equal(lock.acquire(False), False)
        equal(lock.acquire(False), True)
        lock.release()


def _wait_for_four(n):
    it, state = condition(n), mpctl.Value(n('state'))
    with it:
        state.value = 0
        it.notify()
        equal(it.wait_for(lambda: state.value == 4), True)
        return state.value


@row('condition', 'Condition.wait_for', 'the predicate comes true at the fourth notification', 'its value, True',
     **nested, values={'state': -1}, covers=['_TestCondition.test_waitfor', 'ConditionTests.test_waitfor'])
def condition_wait_for(n):
    it, state = condition(n), mpctl.Value(n('state'))
    child = Child(_wait_for_four, n)
    with it:
        equal(it.wait_for(lambda: state.value == 0), True)
    for _ in range(4):
        with it:
            state.add(1)
            it.notify()
    equal(child.result(), 4)


@row('condition', 'Condition.wait_for(timeout)', 'the predicate never comes true', 'its value, False, after the time',
     **nested, values={'state': 0},
     covers=['_TestCondition.test_waitfor_timeout', 'ConditionTests.test_waitfor_timeout'])
def condition_wait_for_timeout(n):
    it, state = condition(n), mpctl.Value(n('state'))

    def in_child():
        with it:
            return took(it.wait_for, lambda: state.value == 4, timeout=0.3)

    child = Child(in_child)
    for _ in range(3):
        with it:
            state.add(1)
            it.notify()
    result, seconds = child.result()
    equal(result, False)
    at_least(0.3, seconds)


@row('condition', 'Condition.wait_for', 'the predicate is true already', 'its value, without waiting', **nested)
def condition_wait_for_true(n):
    it = condition(n)
    equal(it.wait_for(lambda: 'yes'), 'yes')
    with it:
        equal(it.wait_for(lambda: [1], timeout=0), [1])
        equal(it.wait_for(lambda: 0, timeout=0), 0)


@row('condition', 'Condition.wait', 'notified, then Ctrl-C while it waits', 'True; KeyboardInterrupt with the lock held',
     **counted, covers=['_TestCondition.test_wait_result'])
def condition_wait_result(n):
    it = condition(n)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parent = os.getpid()

    def in_child():
        with it:
            it.notify()
        mpctl.Semaphore(n('sleeping')).acquire()
        # The parent holds the lock when it tells so, and gives it up by waiting.
        with it:
            os.kill(parent, signal.SIGINT)

    with it:
        child = Child(in_child)
        equal(it.wait(20), True)
        mpctl.Semaphore(n('sleeping')).release()
        raises(KeyboardInterrupt, it.wait, 20)
        equal(Task(it.acquire, False).result(), False)
        child.result()
    equal(look('lock', n('lock'))['free'], 1)


@row('condition', 'Condition.notify_all', 'a process that waited was killed', 'no hang; the others go on', **counted)
def condition_waiter_killed(n):
    killed, other = _sleepers(n, 1, 1)
    killed.kill()
    it = condition(n)
    with it:
        _, seconds = took(it.notify_all)
        at_once(seconds)
    equal(other.result(), True)


@row('condition', 'Condition(name)', 'its lock is not named', 'it is the one of the spec', **nested)
def condition_without_lock(n):
    it, lock = mpctl.Condition(n('changed')), mpctl.RLock(n('lock'))
    raises(AssertionError, it.wait, 0)
    with it:
        equal(lock._look()['holders'][0]['permits'], 1)
        equal(it.wait(0), False)
        equal(it.notify(), None)
    equal(lock._look()['holders'], [])
    raises(AssertionError, it.release)
    with lock:
        equal(it.wait(0), False)
        equal(it.notify(), None)
        equal(it.notify_all(), None)
