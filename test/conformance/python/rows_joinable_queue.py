"""Rows for JoinableQueue."""

import os

from queue_parts import joinable, the_queue, unbounded
from table import DEADLINE, Child, Task, at_once, equal, look, mpctl, raises, row, took, until, waiting


@row('queue', 'JoinableQueue.task_done, join', 'four processes work off ten items', 'join waits for the last task_done',
     **unbounded, uses={'': joinable}, values={'done': 0},
     covers=['_TestQueue.test_task_done', 'TestSyncManagerTypes.test_joinable_queue'])
def joinable_join(n):
    it = the_queue(n, mpctl.JoinableQueue)

    def work():
        for _ in iter(it.get, None):
            mpctl.Value(n('done')).add(1)
            it.task_done()
        it.task_done()

    workers = [Child(work) for _ in range(4)]
    for number in range(10):
        it.put(number)
    equal(it.join(), None)
    equal(mpctl.Value(n('done')).value, 10)
    for _ in workers:
        it.put(None)
    for worker in workers:
        worker.result()
    equal(it.join(), None)


@row('queue', 'JoinableQueue.task_done', 'nothing is in hand', 'ValueError', **unbounded, uses={'': joinable})
def joinable_too_many(n):
    it = the_queue(n, mpctl.JoinableQueue)
    raises(ValueError, it.task_done)
    it.put(1)
    equal(it.get(), 1)
    equal(it.task_done(), None)
    raises(ValueError, it.task_done)
    equal(it.join(), None)


@row('queue', 'JoinableQueue.join', 'nothing was put', 'None at once', **unbounded, uses={'': joinable})
def joinable_empty(n):
    result, seconds = took(the_queue(n, mpctl.JoinableQueue).join)
    equal(result, None)
    at_once(seconds)


@row('queue', 'JoinableQueue.join', 'an item is in hand', 'waits for its task_done', **unbounded, uses={'': joinable})
def joinable_waits(n):
    it = the_queue(n, mpctl.JoinableQueue)
    it.put(1)
    task = Task(it.join)
    until(lambda: waiting('queue', it.name) == 1)
    it.get()
    equal(look('queue', it.name)['in_hand'], 1)
    assert not task.is_over
    it.task_done()
    equal(task.result(), None)


def _take_and_die(n):
    it = the_queue(n, mpctl.JoinableQueue)
    it.get()
    os.kill(os.getpid(), 9)


@row('queue', 'JoinableQueue.join', 'a consumer was killed between get and task_done', 'the item is dropped: no hang',
     **unbounded, uses={'': joinable, 'other': joinable}, parties={'other': (_take_and_die, {'allow_failure': True})})
def joinable_consumer_killed(n):
    it = the_queue(n, mpctl.JoinableQueue)
    it.put('item')
    equal(it.join(), None)
    equal(it.qsize(), 0)


@row('queue', 'JoinableQueue.get', '`on_consumer_death: redeliver` and a killed consumer', 'the item comes again',
     queues={'queue': {'on_consumer_death': 'redeliver'}}, uses={'': joinable, 'other': joinable},
     parties={'other': (_take_and_die, {'allow_failure': True})})
def joinable_redelivered(n):
    it = the_queue(n, mpctl.JoinableQueue)
    it.put('item')
    mpctl.Process(n('other')).join()
    equal(it.get(timeout=DEADLINE), 'item')
    it.task_done()
    equal(it.join(), None)
