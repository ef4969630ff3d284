"""Rows for Queue and SimpleQueue."""

import os
import queue

from queue_parts import the_queue, unbounded
from table import DEADLINE, Child, Task, at_least, at_once, equal, mpctl, raises, row, took, until, waiting

six = {'queues': {'queue': {'capacity': 6}}}


def _get_six(n):
    for _ in range(6):
        the_queue(n).get()


@row('queue', 'Queue.put, full, empty', 'it fills up, and another process empties it', 'Full in its time, then room',
     **six, covers=['_TestQueue.test_put', 'TestSyncManagerTypes.test_queue'])
def queue_put(n):
    it = the_queue(n)
    equal([it.empty(), it.full()], [True, False])
    equal(it.put(1), None)
    it.put(2, True)
    it.put(3, True, None)
    it.put(4, False)
    it.put(5, False, None)
    it.put_nowait(6)
    equal([it.empty(), it.full()], [False, True])
    for function, arguments in ((it.put, (7, False)), (it.put, (7, False, None)), (it.put_nowait, (7,)),
                                (it.put, (7, False, 20)), (it.put, (7, True, 0)), (it.put, (7, True, -1))):
        _, seconds = took(raises, queue.Full, function, *arguments)
        at_once(seconds)
    _, seconds = took(raises, queue.Full, it.put, 7, True, 0.1)
    at_least(0.1, seconds)
    _, seconds = took(raises, queue.Full, it.put, 7, timeout=0.2)
    at_least(0.2, seconds)
    Child(_get_six, n).result()
    equal([it.empty(), it.full()], [True, False])


def _put_four(n):
    for number in (2, 3, 4, 5):
        the_queue(n).put(number)


@row('queue', 'Queue.get, empty', 'another process has put', 'in order, then Empty in its time', **unbounded,
     covers=['_TestQueue.test_get', '_TestQueue.test_timeout'])
def queue_get(n):
    it = the_queue(n)
    equal(it.empty(), True)
    Child(_put_four, n).result()
    equal(it.empty(), False)
    equal([it.get(True, None), it.get(True), it.get(timeout=1), it.get_nowait()], [2, 3, 4, 5])
    equal(it.empty(), True)
    for function, arguments in ((it.get, (False,)), (it.get, (False, None)), (it.get_nowait, ()), (it.get, (False, 20)),
                                (it.get, (True, 0)), (it.get, (True, -1))):
        _, seconds = took(raises, queue.Empty, function, *arguments)
        at_once(seconds)
    _, seconds = took(raises, queue.Empty, it.get, True, 0.2)
    at_least(0.2, seconds)
    _, seconds = took(raises, queue.Empty, it.get, timeout=0.1)
    at_least(0.1, seconds)


@row('queue', 'Queue.put in a forked process', 'the parent has put before', 'all items, in order', **unbounded,
     covers=['_TestQueue.test_fork'])
def queue_fork(n):
    it = the_queue(n)
    for number in range(10):
        it.put(number)

    def in_child():
        for number in range(10, 20):
            it.put(number)

    Child(in_child).result()
    equal([it.get() for _ in range(20)], list(range(20)))
    raises(queue.Empty, it.get, False)


@row('queue', 'Queue.qsize', 'items come and go', 'exact', **unbounded, covers=['_TestQueue.test_qsize'])
def queue_size(n):
    it = the_queue(n)
    equal(it.qsize(), 0)
    it.put(1)
    equal(it.qsize(), 1)
    it.put(5)
    equal(it.qsize(), 2)
    it.get()
    equal(it.qsize(), 1)
    it.get()
    equal(it.qsize(), 0)


@row('queue', 'Queue.put, Queue.get', 'after close', 'ValueError', **unbounded,
     covers=['_TestQueue.test_closed_queue_put_get_exceptions'])
def queue_closed(n):
    for kind in (mpctl.Queue, mpctl.JoinableQueue):
        it = the_queue(n, kind)
        equal(it.close(), None)
        equal(it.close(), None)
        raises(ValueError, it.put, 'item')
        raises(ValueError, it.get)


@row('queue', 'Queue.join_thread', 'before and after close', 'AssertionError; None', **unbounded)
def queue_join_thread(n):
    it = the_queue(n)
    for number in range(1000):
        it.put(number)
    raises(AssertionError, it.join_thread)
    it.close()
    equal(it.join_thread(), None)
    equal(it.cancel_join_thread(), None)
    equal(the_queue(n).qsize(), 1000)


def _put_many(n):
    it = the_queue(n)
    for number in range(5000):
        it.put(number)
    # The process ends here, at once.


@row('queue', 'Queue.put', 'the process ends right after 5,000 puts, without close', 'nothing is lost', **unbounded,
     parties={'other': (_put_many, {})})
def queue_put_and_exit(n):
    mpctl.Process(n('other')).join()
    equal(mpctl.Process(n('other')).exitcode, 0)
    it = the_queue(n)
    equal([it.get(timeout=DEADLINE) for _ in range(5000)], list(range(5000)))


def _put_and_die(n):
    it = the_queue(n)
    for number in range(500):
        it.put(number)
    os._exit(0)


@row('queue', 'Queue.put', 'the process ends by os._exit right after 500 puts', 'nothing is lost', **unbounded,
     parties={'other': (_put_and_die, {})})
def queue_put_and_die(n):
    mpctl.Process(n('other')).join()
    it = the_queue(n)
    equal(it.qsize(), 500)
    equal([it.get(timeout=DEADLINE) for _ in range(500)], list(range(500)))


@row('queue', 'join a producer', 'before its queue is drained, with 4 MB in it', 'no deadlock', **unbounded)
def queue_join_before_drain(n):
    it = the_queue(n)

    def in_child():
        for _ in range(8):
            it.put('x' * 500_000)

    Child(in_child).result()
    equal(sum(len(it.get()) for _ in range(8)), 4_000_000)


@row('queue', 'Queue.put', 'no JSON', 'TypeError at once, and the queue goes on', **unbounded,
     covers=['_TestQueue.test_queue_feeder_donot_stop_onexc'])
def queue_not_json(n):
    it = the_queue(n)
    raises(TypeError, it.put, object())
    raises(TypeError, it.put, [1, {2, 3}])
    raises(ValueError, it.put, float('nan'))
    raises(OverflowError, it.put, 2**53)
    raises(OverflowError, it.put, {'deep': [10**20]})
    it.put(True)
    equal(it.get(timeout=DEADLINE), True)
    equal(it.empty(), True)


@row('queue', 'Queue.put, Value.value', 'no JSON', 'the exception names the item and who does not take it', **unbounded,
     values={'value': 0})
def queue_not_json_is_named(n):
    value = mpctl.Value(n('value'))

    def store(item):
        value.value = item

    for name, call in ((f'Queue {n("queue")}', the_queue(n).put), (f'Value {n("value")}', store)):
        for item, kind in ((float('nan'), ValueError), ({1, 2}, TypeError), (2**60, OverflowError)):
            message = str(raises(kind, call, item))
            assert message.startswith(f'{name} takes only what is JSON, and not {item!r}: '), message


@row('queue', 'Queue.put', 'an integer of hundreds or thousands of digits', 'OverflowError with a short message', **unbounded)
def queue_huge_integer(n):
    it = the_queue(n)
    for digits in (400, 10_000):
        for item in (10**digits, -(10**digits)):
            message = str(raises(OverflowError, it.put, item))
            assert len(message) < 300, message
    for item in ([10**400], {'deep': [10**400]}):
        message = str(raises(OverflowError, it.put, item))
        assert len(message) < 300, message
    assert len(str(raises(ValueError, it.put, [10**10_000]))) < 300


@row('queue', 'Queue.put', 'no JSON, into a queue of one', 'takes no room', queues={'queue': {'capacity': 1}},
     covers=['_TestQueue.test_queue_feeder_donot_stop_onexc'])
def queue_not_json_bounded(n):
    it = the_queue(n)
    raises(TypeError, it.put, object())
    it.put(True)
    equal(it.qsize(), 1)
    equal(it.get(timeout=DEADLINE), True)
    equal(it.empty(), True)


@row('queue', 'Queue.put, Queue.get', 'every kind of JSON', 'comes out as it went in', **unbounded,
     covers=['_TestConnection.test_connection'])
def queue_items(n):
    it = the_queue(n)
    items = [None, True, False, 0, -7, 2**53 - 1, -(2**53) + 1, 1.5, -4.25, 0.1 + 0.2, 1e300, '', 'äöü\u2028\n"\\', '\U0001f40d',
             '\ud800', [], {}, [1, [2, {'a': None}]], {'key': {'other': [True]}}]
    for item in items:
        it.put(item)
    for item in items:
        equal(it.get(), item)
    it.put((1, 2))
    equal(it.get(), [1, 2])


@row('queue', 'Queue.put', 'an item of more than a message may have', 'ValueError; the connection stays', **unbounded,
     locks={'lock': {}})
def queue_too_large(n):
    lock = mpctl.Lock(n('lock'))
    lock.acquire()
    it = the_queue(n)
    raises(ValueError, it.put, 'x' * 1_100_000)
    it.put('x' * 1_000_000)
    equal(len(it.get()), 1_000_000)
    # What the process holds is lost with its connection, and this one was not.
    equal(lock.acquire(False), False)
    lock.release()


@row('queue', 'Queue.get', 'five threads and processes wait', 'each item goes to one of them', **unbounded)
def queue_consumers(n):
    it = the_queue(n)
    tasks = [Task(it.get), Task(it.get), Child(it.get), Child(it.get), Child(it.get)]
    until(lambda: waiting('queue', it.name) == 5)
    for number in range(5):
        it.put(number)
    equal(sorted(task.result() for task in tasks), list(range(5)))
    equal(it.qsize(), 0)


@row('queue', 'Queue.put', 'threads and processes put at the same time', 'every item, in order of each',
     **unbounded)
def queue_producers(n):
    it = the_queue(n)

    def put(who):
        for number in range(200):
            it.put([who, number])

    tasks = [Child(put, 0), Child(put, 1), Task(put, 2), Task(put, 3)]
    found = {who: [] for who in range(4)}
    for _ in range(800):
        who, number = it.get(timeout=DEADLINE)
        found[who].append(number)
    equal(found, {who: list(range(200)) for who in range(4)})
    for task in tasks:
        task.result()


@row('queue', 'Queue.put', 'it is full, and another process gets', 'waits for the room', queues={'queue': {'capacity': 1}})
def queue_put_waits(n):
    it = the_queue(n)
    it.put(1)
    task = Task(it.put, 2, True, DEADLINE)
    until(lambda: waiting('queue', it.name) == 1)
    equal(Child(it.get).result(), 1)
    equal(task.result(), None)
    equal(it.get(), 2)


@row('queue', 'Queue.put, then Event.set', 'another process waits for the event', 'the item is there', **unbounded,
     events={'go': {}})
def queue_before_event(n):
    it, go = the_queue(n), mpctl.Event(n('go'))

    def in_child():
        go.wait()
        return [it.get(False) for _ in range(50)]

    child = Child(in_child)
    for number in range(50):
        it.put(number)
    go.set()
    equal(child.result(), list(range(50)))


def _put_three(n):
    it = the_queue(n)
    for number in range(3):
        it.put(number)
    it.close()
    mpctl.Event(n('over')).wait()


@row('queue', 'Queue.get', 'everyone who could put has closed it', 'the items, then EndOfStream, an EOFError',
     queues={'queue': {}}, events={'over': {}}, uses={'': {'@queue': 'get', '@over': 'set'}, 'other': {'@queue': 'put'}},
     parties={'other': (_put_three, {})})
def queue_end_of_stream(n):
    it = the_queue(n)
    equal(list(it), [0, 1, 2])
    raises(EOFError, it.get)
    raises(mpctl.EndOfStream, it.get, False)
    mpctl.Event(n('over')).set()


@row('queue', 'Queue.put, Queue.get', 'the spec does not declare it', 'NotDeclared with the line to add', **unbounded,
     uses={'': {}, 'other': {'@queue': ['put', 'get']}}, parties={'other': (lambda n: None, {})})
def queue_undeclared(n):
    it = the_queue(n)
    for verb, call in (('put', lambda: it.put(1)), ('get', lambda: it.get(False))):
        error = raises(mpctl.NotDeclared, call)
        assert f'add `uses: {{{it.name}: {verb}}}` to it' in str(error), error


@row('queue', 'Queue of `order: priority`', 'put with priorities', 'lowest first, equal ones in order',
     queues={'queue': {'order': 'priority'}})
def queue_priority(n):
    it = the_queue(n)
    for item, priority in (('c', 2), ('a', 0), ('b', 1), ('a2', 0), ('first', -0.5)):
        it.put(item, priority=priority)
    equal([it.get() for _ in range(5)], ['first', 'a', 'a2', 'b', 'c'])


@row('queue', 'Queue.put, get', 'in a forked process whose standard input is closed', 'as ever', **unbounded,
     covers=['TestStdinBadfiledescriptor.test_queue_in_process'])
def queue_closed_stdin(n):
    it = the_queue(n)

    def in_child():
        os.close(0)
        it.put('from the child')
        return it.get()

    equal(Child(in_child).result(), 'from the child')


def _use_simple(n):
    it, start, go_on = the_queue(n, mpctl.SimpleQueue), mpctl.Event(n('start')), mpctl.Event(n('go_on'))
    start.wait()
    it.put(it.empty())
    it.put(it.empty())
    go_on.set()


@row('queue', 'SimpleQueue.put, get, empty', 'another process puts', 'True, then False', **unbounded,
     events={'start': {}, 'go_on': {}}, covers=['TestSimpleQueue.test_empty'])
def simple_empty(n):
    it = the_queue(n, mpctl.SimpleQueue)
    child = Child(_use_simple, n)
    equal(it.empty(), True)
    mpctl.Event(n('start')).set()
    mpctl.Event(n('go_on')).wait()
    equal(it.empty(), False)
    equal([it.get(), it.get()], [True, False])
    equal(it.empty(), True)
    child.result()


@row('queue', 'SimpleQueue.close', 'twice; then get, put, empty', 'None; OSError', **unbounded,
     covers=['TestSimpleQueue.test_close', 'TestSimpleQueue.test_closed'])
def simple_close(n):
    it = the_queue(n, mpctl.SimpleQueue)
    equal(it.close(), None)
    equal(it.close(), None)
    for function, arguments in ((it.get, ()), (it.put, (1,)), (it.empty, ())):
        raises(OSError, function, *arguments)
