"""Rows for Event."""

import gc
import threading

from table import Child, Task, at_least, at_once, equal, mpctl, raises, row, took, until, waiting

event = {'events': {'go': {}}}


@row('event', 'Event.is_set, set, clear', 'called again and again', 'the last one counts', **event,
     covers=['EventTests.test_is_set', '_TestEvent.test_event', 'TestSyncManagerTypes.test_event'])
def event_is_set(n):
    it = mpctl.Event(n('go'))
    equal(it.is_set(), False)
    equal(it.set(), None)
    equal(it.is_set(), True)
    equal(it.set(), None)
    equal(it.is_set(), True)
    equal(it.clear(), None)
    equal(it.is_set(), False)
    equal(it.clear(), None)
    equal(it.is_set(), False)


@row('event', 'Event.is_set', 'the program leaves `threading.local`s to the garbage collector', 'no hang', **event)
def event_garbage(n):
    class Knot:
        def __init__(self):
            self.itself, self.local = self, threading.local()
            self.local.something = []

    it = mpctl.Event(n('go'))
    limits = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(300):
            Knot()
            equal(it.is_set(), False)
    finally:
        gc.set_threshold(*limits)


@row('event', 'Event.wait(timeout)', 'it is not set', 'False after the time', **event,
     covers=['_TestEvent.test_event', 'EventTests.test_timeout'])
def event_timeout(n):
    it = mpctl.Event(n('go'))
    for timeout in (0.0, 0, -5):
        result, seconds = took(it.wait, timeout)
        equal(result, False)
        at_once(seconds)

    def in_thread():
        equal(it.wait(0.0), False)
        return took(it.wait, 0.2)

    for task in [Task(in_thread) for _ in range(5)]:
        result, seconds = task.result()
        equal(result, False)
        at_least(0.2, seconds)


@row('event', 'Event.wait', 'it is set', 'True at once, with and without a timeout', **event,
     covers=['_TestEvent.test_event', 'EventTests.test_timeout'])
def event_wait_set(n):
    it = mpctl.Event(n('go'))
    it.set()
    for arguments in ((), (None,), (0.0,), (20,)):
        result, seconds = took(it.wait, *arguments)
        equal(result, True)
        at_once(seconds)


@row('event', 'Event.wait', 'another process sets it', 'True', **event, covers=['_TestEvent.test_event'])
def event_set_by_child(n):
    it = mpctl.Event(n('go'))

    def in_child():
        until(lambda: waiting('event', it.name) == 1)
        it.set()

    child = Child(in_child)
    equal(it.wait(), True)
    child.result()


def _set(n):
    until(lambda: waiting('event', n('go')) == 1)
    mpctl.Event(n('go')).set()


@row('event', 'Event.wait', 'another instance sets it', 'True', **event, parties={'other': (_set, {})})
def event_set_by_instance(n):
    equal(mpctl.Event(n('go')).wait(20), True)


@row('event', 'Event.wait', 'five threads wait', 'none before the set, all after it, twice', **event,
     covers=['EventTests.test_notify'])
def event_wakes_all(n):
    it = mpctl.Event(n('go'))
    for _ in range(2):
        tasks = [Task(lambda: [it.wait(), it.wait()]) for _ in range(5)]
        until(lambda: waiting('event', it.name) == 5)
        equal([task.is_over for task in tasks], [False] * 5)
        it.set()
        equal([task.result() for task in tasks], [[True, True]] * 5)
        it.clear()


@row('event', 'Event.set, then Event.clear at once', 'five threads wait', 'True for each', **event,
     covers=['EventTests.test_set_and_clear'])
def event_set_and_clear(n):
    it = mpctl.Event(n('go'))
    tasks = [Task(it.wait, 20) for _ in range(5)]
    until(lambda: waiting('event', it.name) == 5)
    it.set()
    it.clear()
    equal([task.result() for task in tasks], [True] * 5)
    equal(it.is_set(), False)


@row('event', 'Event.set', 'a process that waited was killed', 'no hang; the others go on', **event)
def event_waiter_killed(n):
    it = mpctl.Event(n('go'))
    child = Child(it.wait)
    other = Task(it.wait)
    until(lambda: waiting('event', it.name) == 2)
    child.kill()
    until(lambda: waiting('event', it.name) == 1)
    result, seconds = took(it.set)
    equal(result, None)
    at_once(seconds)
    equal(other.result(), True)
    equal(it.is_set(), True)


@row('event', 'repr(Event)', 'unset, set, cleared', 'shows it', **event,
     covers=['_TestEvent.test_repr', 'EventTests.test_repr'])
def event_repr(n):
    it = mpctl.Event(n('go'))
    assert repr(it).endswith(': unset>'), repr(it)
    it.set()
    assert repr(it).endswith(': set>'), repr(it)
    it.clear()
    assert repr(it).endswith(': unset>'), repr(it)


@row('event', 'Event.set', 'the spec does not declare it', 'NotDeclared with the line to add', **event, uses={'': {}},
     parties={'other': (_set, {})})
def event_undeclared(n):
    it = mpctl.Event(n('go'))
    for call in (it.set, it.clear):
        error = raises(mpctl.NotDeclared, call)
        assert f'add `uses: {{{it.name}: set}}` to it' in str(error), error
    equal(it.is_set(), False)
    # Waiting needs no entry.
    equal(it.wait(20), True)


@row('event', 'Event.wait', 'nobody can set it any more', 'Impossible instead of a hang', **event, uses={'': {}},
     parties={'other': (lambda n: None, {})})
def event_impossible(n):
    raises(mpctl.Impossible, mpctl.Event(n('go')).wait)
