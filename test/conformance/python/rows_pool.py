"""Rows for Pool: what it does with an item is in the spec, so its methods take items."""

import itertools
import multiprocessing
import os
import threading

from table import DEADLINE, equal, mpctl, raises, row, until

echo = {'pools': {'pool': {'workers': 2, 'command': ['echo', '${{ item }}']}}}
# Fails for the item `fail`, and else says it with an exclamation mark.
checked = {'pools': {'pool': {'workers': 2, 'allow_failure': True, 'args': ['${{ item }}'],
                              'command': 'if [ "$1" = fail ]; then exit 3; fi; echo "$1!"'}}}
# Each ends when its own fifo has been opened and closed.
_fifo = {'pools': {'pool': {'workers': 3, 'args': ['${{ item }}'], 'command': 'cat "$1"; echo "$1"'}}}
# Ends when the event is set.
waiting = {'pools': {'pool': {'workers': 2, 'steps': [{'wait': '@go'}]}}, 'events': {'go': {}}}


def _pool(n):
    return mpctl.Pool(n('pool'))


@row('pool', 'Pool.apply', 'one item', 'its value', **echo, covers=['TestSyncManagerTypes.test_pool'])
def pool_apply(n):
    equal(_pool(n).apply('a b'), 'a b')


@row('pool', 'Pool.map, map_async', 'a hundred items, none', 'the values in order', **echo)
def pool_map(n):
    it = _pool(n)
    items = [str(number) for number in range(40)]
    equal(it.map(items), items)
    equal(it.map_async(items[:5]).get(timeout=DEADLINE), items[:5])
    equal(it.map([]), [])


@row('pool', 'Pool.starmap, starmap_async', 'lists of arguments', 'the values in order, of items that are lists', **echo)
def pool_starmap(n):
    it = _pool(n)
    equal(it.starmap([(1, 'a'), [2, 'b']]), ['[1,"a"]', '[2,"b"]'])
    equal(it.starmap_async((range(number) for number in range(3))).get(timeout=DEADLINE), ['[]', '[0]', '[0,1]'])


@row('pool', 'Pool.map, starmap, imap, apply', 'a function first, as Python takes it', 'TypeError that says where it belongs', **echo)
def pool_function(n):
    it = _pool(n)
    for call in (lambda: it.map(str, [1]), lambda: it.starmap(str, [(1,)]), lambda: it.imap(str, 1), lambda: it.imap_unordered(str, 1), lambda: it.apply(str)):
        error = raises(TypeError, call)
        assert 'takes items and no function' in str(error), error


@row('pool', 'Pool.imap, imap_unordered', 'items from an endless generator', 'values as they are asked for', **echo)
def pool_imap(n):
    it = _pool(n)
    names = (str(number) for number in itertools.count())
    equal(list(itertools.islice(it.imap(names), 10)), [str(number) for number in range(10)])
    items = [str(number) for number in range(20)]
    equal(list(it.imap(items)), items)
    equal(sorted(it.imap_unordered(items)), sorted(items))
    raises(ValueError, it.imap, items, 0)


@row('pool', 'Pool.imap, imap_unordered', 'the generator waits for the results of what it has given', 'they come', **echo)
def pool_imap_in_turns(n):
    it = _pool(n)
    for function in (it.imap, it.imap_unordered):
        has_come = threading.Semaphore(0)

        def items():
            for number in range(5):
                yield str(number)
                assert has_come.acquire(timeout=DEADLINE)

        found = []
        for value in function(items()):
            found.append(value)
            has_come.release()
        equal(found, [str(number) for number in range(5)])


class _SayWhen(Exception):
    pass


def _until(number):
    yield from map(str, range(number))
    raise _SayWhen


@row('pool', 'Pool.imap, imap_unordered', 'the generator raises', 'its exception, after the values of what it has given',
     **echo)
def pool_imap_raising(n):
    it = _pool(n)
    for function in (it.imap, it.imap_unordered):
        raises(_SayWhen, next, function(_until(0)))
        values = function(_until(3))
        equal(sorted(next(values) for _ in range(3)), ['0', '1', '2'])
        raises(_SayWhen, next, values)
        raises(StopIteration, next, values)
    it.close()
    raises(ValueError, it.imap, _until(1))
    raises(ValueError, it.imap_unordered, _until(1))


def _counted(taken):
    for number in itertools.count():
        taken.append(number)
        yield str(number)


@row('pool', 'Pool.imap_unordered', 'items from an endless generator', 'values as they are asked for; few are taken ahead',
     **echo)
def pool_imap_unordered_endless(n):
    it = _pool(n)
    taken = []
    values = it.imap_unordered(_counted(taken))
    found = [next(values) for _ in range(150)]
    equal(len(set(found)), 150)
    assert set(found) <= set(map(str, taken)), found
    assert len(taken) < 300, len(taken)
    # Another one is not disturbed by what the first has under way.
    del values
    equal(sorted(it.imap_unordered(['x', 'y'])), ['x', 'y'])


@row('pool', 'Pool.imap', 'items from an endless generator', 'values in order; few are taken ahead', **echo)
def pool_imap_endless(n):
    taken = []
    values = _pool(n).imap(_counted(taken))
    equal([next(values) for _ in range(150)], [str(number) for number in range(150)])
    assert len(taken) < 300, len(taken)


@row('pool', 'Pool.imap_unordered, imap', 'the tasks end in another order than theirs', 'in the order of their ends; in their own order',
     **_fifo)
def pool_imap_unordered_order(n):
    it = _pool(n)
    items = [f'{n("fifo")}-{number}' for number in range(3)]
    for function, ends in ((it.imap_unordered, (2, 0, 1)), (it.imap, (1, 2, 0))):
        for item in items:
            os.mkfifo(item)
        values = function(items)
        raises(mpctl.TimeoutError, values.next, 0)
        found = []
        for number in ends:
            # Its task waits for somebody who opens it for writing.
            open(items[number], 'wb').close()
            if function == it.imap_unordered:
                found.append(values.next(DEADLINE))
                equal(found[-1], items[number])
            elif number != 0:
                raises(mpctl.TimeoutError, values.next, 0.1)
        equal(list(values), [] if found else items)
        raises(StopIteration, next, values)
        for item in items:
            os.unlink(item)


@row('pool', 'AsyncResult.get, wait, ready, successful', 'the task has not ended', 'TimeoutError, None, False, ValueError',
     **waiting)
def pool_result(n):
    it = _pool(n)
    result = it.apply_async('item')
    raises(multiprocessing.TimeoutError, result.get, 0.1)
    raises(mpctl.TimeoutError, result.get, timeout=0)
    equal(result.wait(0.1), None)
    equal(result.ready(), False)
    raises(ValueError, result.successful)
    unordered = it.imap_unordered(['item'])
    raises(multiprocessing.TimeoutError, unordered.next, 0.1)
    ordered = it.imap(['item'])
    raises(multiprocessing.TimeoutError, ordered.next, 0.1)
    mpctl.Event(n('go')).set()
    equal(result.wait(DEADLINE), None)
    equal([result.ready(), result.successful()], [True, True])
    equal(result.get(), None)
    equal([unordered.next(DEADLINE), ordered.next(DEADLINE)], [None, None])
    raises(StopIteration, ordered.next)
    raises(StopIteration, unordered.next)


@row('pool', 'AsyncResult.get', 'a task fails', 'TaskFailed, after the others have ended', **checked)
def pool_failure(n):
    it = _pool(n)
    error = raises(mpctl.TaskFailed, it.apply, 'fail')
    equal(error.fate, 'failed')
    result = it.map_async(['a', 'fail', 'b'])
    raises(mpctl.TaskFailed, result.get)
    equal(result.successful(), False)
    values = it.imap(['a', 'fail', 'b'])
    equal(next(values), 'a!')
    raises(mpctl.TaskFailed, next, values)
    equal(next(values), 'b!')


@row('pool', 'Pool.apply_async with callbacks', 'a task succeeds, another fails', 'each is told once', **checked)
def pool_callbacks(n):
    it = _pool(n)
    told = []
    it.apply_async('a', callback=told.append).wait()
    until(lambda: len(told) == 1)
    equal(told, ['a!'])
    it.apply_async('fail', callback=told.append, error_callback=told.append).wait()
    until(lambda: len(told) == 2)
    equal(type(told[1]), mpctl.TaskFailed)


@row('pool', 'Pool.close, join', 'before and after', 'ValueError; the pool ends', **echo)
def pool_close(n):
    it = _pool(n)
    raises(ValueError, it.join)
    result = it.apply_async('a')
    equal(it.close(), None)
    raises(ValueError, it.apply_async, 'b')
    equal(it.join(), None)
    equal(result.get(), 'a')


@row('pool', 'with Pool', 'left while tasks run', 'terminated: no task is waited for, and none is forgotten', **waiting,
     uses={'': {'@pool': ['submit', 'start'], '@go': 'set'}})
def pool_terminate(n):
    with _pool(n) as it:
        result = it.apply_async('item')
        raises(mpctl.TimeoutError, result.get, 0.1)
    equal(it.join(), None)
    error = raises(mpctl.TaskFailed, result.get, DEADLINE)
    equal(error.fate, 'cancelled')
    raises(ValueError, it.apply, 'item')


@row('pool', 'current_process, python3 -m mpctl', 'in a task', 'the slot that the task has', pools={
    'who': {'workers': 1, 'command': ['python3', '-m', 'mpctl']},
    'me': {'workers': 1, 'command': ['python3', '-c', 'import mpctl; me = mpctl.current_process(); print(me.name, me.is_alive(), me.exitcode)']},
})
def pool_current_process(n):
    equal(mpctl.Pool(n('who')).apply('x'), f'{n("who")}-1 of run {os.environ["MPCTL_RUN_ID"]}')
    equal(mpctl.Pool(n('me')).apply('x'), f'{n("me")}-1 True None')
