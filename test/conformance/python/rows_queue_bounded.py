"""Rows for bounded queues in quick succession: puts on credit and gets from loans, where the bound must hold all the same."""

import os
import queue
import signal
import sys
from pathlib import Path

from queue_parts import the_queue
from rows_queue_interrupted import get_interrupted, put_from_handler, put_interrupted
from table import equal, mpctl, raises, row, until, waiting

ten = {'queues': {'queue': {'capacity': 10}}}
hundred = {'queues': {'queue': {'capacity': 100}}}
_get_and_put = {'': {'@queue': 'get'}, 'other': {'@queue': 'put'}}


class _Ledger:
    """Lines that a process has written, one for each thing that it has done; read by others at once."""

    def __init__(self, n, name):
        self._path = Path(n(f'{name}.ledger'))
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, number):
        os.write(self._file, b'%d\n' % number)

    def numbers(self):
        return [int(line) for line in self._path.read_bytes().split()]


def _put_three(n):
    """Has credit for all of the room from then on."""
    it = the_queue(n)
    for number in range(3):
        it.put(['other', number])
    return it


def _put_three_and_try(n):
    it = _put_three(n)
    mpctl.Event(n('ready')).set()
    mpctl.Event(n('full')).wait()
    raises(queue.Full, it.put_nowait, ['other', 3])
    raises(queue.Full, it.put, ['other', 3], True, 0.01)
    mpctl.Event(n('tried')).set()
    mpctl.Event(n('room')).wait()
    it.put_nowait(['other', 3])
    raises(queue.Full, it.put_nowait, ['other', 4])
    mpctl.Event(n('over')).set()


@row('queue', 'Queue.put_nowait, qsize, full', 'two processes put into a queue of ten, one of them with credit',
     'Full with ten items in it, and not before', **ten, events={'ready': {}, 'full': {}, 'tried': {}, 'room': {}, 'over': {}},
     parties={'other': (_put_three_and_try, {})})
def bounded_full_is_exact(n):
    it = the_queue(n)
    mpctl.Event(n('ready')).wait()
    equal([it.qsize(), it.full()], [3, False])
    for number in range(7):
        it.put_nowait(['this', number])
    raises(queue.Full, it.put_nowait, ['this', 7])
    equal([it.qsize(), it.full()], [10, True])
    mpctl.Event(n('full')).set()
    mpctl.Event(n('tried')).wait()
    equal(it.get_nowait(), ['other', 0])
    mpctl.Event(n('room')).set()
    mpctl.Event(n('over')).wait()
    equal([it.get_nowait() for _ in range(10)],
          [['other', 1], ['other', 2], *(['this', number] for number in range(7)), ['other', 3]])
    raises(queue.Empty, it.get_nowait)


def _fill_nowait(n):
    it = the_queue(n)
    ledger = _Ledger(n, 'put')
    try:
        for number in range(1000):
            it.put_nowait(number)
            ledger.note(number)
    except queue.Full:
        ledger.note(-1)
    mpctl.Event(n('over')).wait()


@row('queue', 'Queue.put_nowait', 'quickly, and nobody gets', 'exactly as many as there is room for', **hundred,
     events={'over': {}}, parties={'other': (_fill_nowait, {})})
def bounded_fills_up(n):
    ledger = _Ledger(n, 'put')
    until(lambda: -1 in ledger.numbers())
    equal(ledger.numbers(), [*range(100), -1])
    equal(the_queue(n).qsize(), 100)
    mpctl.Event(n('over')).set()


def _stop_with_credit(n):
    it = _put_three(n)
    os.kill(os.getpid(), signal.SIGSTOP)
    raises(queue.Full, it.put_nowait, ['other', 3])
    it.put(['other', 3])


@row('queue', 'Queue.put', 'another process has credit and is stopped', 'all of the room; it finds none when it goes on', **ten,
     parties={'other': (_stop_with_credit, {})})
def bounded_stopped_producer(n):
    it = the_queue(n)
    until(lambda: it.qsize() == 3)
    pid = mpctl.Process(n('other')).pid
    until(lambda: Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()[0] == 'T')
    for number in range(7):
        it.put_nowait(['this', number])
    raises(queue.Full, it.put_nowait, ['this', 7])
    os.kill(pid, signal.SIGCONT)
    until(lambda: waiting('queue', it.name) == 1)
    equal([it.get() for _ in range(11)],
          [*(['other', number] for number in range(3)), *(['this', number] for number in range(7)), ['other', 3]])


def _put_and_say(n):
    it = the_queue(n)
    ledger = _Ledger(n, 'put')
    for number in range(200):
        it.put(number)
        ledger.note(number)


@row('queue', 'Queue.get_nowait', 'right after the put of another process has returned', 'the item', **hundred,
     uses=_get_and_put, parties={'other': (_put_and_say, {})})
def bounded_put_is_seen(n):
    it = the_queue(n)
    ledger = _Ledger(n, 'put')
    for number in range(200):
        until(lambda: len(ledger.numbers()) > number)
        equal(it.get_nowait(), number)


def _put_when_awaited(n):
    it = the_queue(n)
    ledger = _Ledger(n, 'got')
    for number in range(30):
        until(lambda: waiting('queue', it.name) == 1)
        it.put(number)
        # It asks the run for nothing until the item has come.
        until(lambda: len(ledger.numbers()) > number, f'item {number}')


@row('queue', 'Queue.get', 'it waits, and another process puts one item on credit', 'the item, without another call', **hundred,
     uses=_get_and_put, parties={'other': (_put_when_awaited, {})})
def bounded_waiting_get(n):
    ledger = _Ledger(n, 'got')
    for number in the_queue(n):
        ledger.note(number)
    equal(ledger.numbers(), list(range(30)))


def _put_and_note(n):
    it = the_queue(n)
    ledger = _Ledger(n, 'put')
    enough = _Ledger(n, 'enough')
    number = 0
    while not enough.numbers():
        it.put(number)
        ledger.note(number)
        number += 1


@row('queue', 'Queue.get', 'from a loan, one by one, of a full queue', 'after each there is room for one, and no more', **ten,
     uses=_get_and_put, parties={'other': (_put_and_note, {})})
def bounded_slow_consumer(n):
    it = the_queue(n)
    ledger = _Ledger(n, 'put')
    taken = 0
    lent = 0
    while lent < 20:
        # Quick enough to borrow.
        equal(it.get(), taken)
        taken += 1
        loan = mpctl._client.loans.get(it.name)
        if loan is None or len(loan.items) < 3:
            continue
        for _ in range(len(loan.items)):
            until(lambda: len(ledger.numbers()) >= taken + 10, f'the put after {taken} gets')
            # The next put waits, however long one looks.
            until(lambda: waiting('queue', it.name) == 1)
            equal(len(ledger.numbers()), taken + 10)
            equal(it.get(), taken)
            taken += 1
            lent += 1
    _Ledger(n, 'enough').note(lent)
    rest = list(it)
    equal(rest, list(range(taken, len(ledger.numbers()))))


def _put_and_die(n):
    it = the_queue(n)
    for number in range(50):
        it.put(number)
    os._exit(0)


@row('queue', 'Queue.put', 'the process ends by os._exit right after 50 puts into a queue of 100', 'nothing is lost', **hundred,
     uses=_get_and_put, parties={'other': (_put_and_die, {})})
def bounded_put_and_die(n):
    mpctl.Process(n('other')).join()
    it = the_queue(n)
    equal(it.qsize(), 50)
    equal(list(it), list(range(50)))


def _put_some(n):
    it = the_queue(n)
    for number in range(3000):
        it.put(number)


@row('queue', 'Queue.put, Queue.get', 'three processes put quickly into a queue of ten', 'every item, in order of each', **ten,
     uses={'': {'@queue': 'get'}, **{party: {'@queue': 'put'} for party in ('one', 'two', 'three')}},
     parties={party: (lambda n, party=party: _put_as(n, party), {}) for party in ('one', 'two', 'three')})
def bounded_three_producers(n):
    found = {'one': [], 'two': [], 'three': []}
    for who, number in the_queue(n):
        found[who].append(number)
    equal(found, {who: list(range(1000)) for who in found})


def _put_as(n, party):
    it = the_queue(n)
    for number in range(1000):
        it.put([party, number])


def _get_all(n, party):
    ledger = _Ledger(n, party)
    for number in the_queue(n):
        ledger.note(number)


@row('queue', 'Queue.get', 'two processes get quickly from a queue of ten', 'each item goes to one of them', **ten,
     uses={'': {'@queue': 'put'}, 'one': {'@queue': 'get'}, 'two': {'@queue': 'get'}},
     parties={party: (lambda n, party=party: _get_all(n, party), {}) for party in ('one', 'two')})
def bounded_two_consumers(n):
    it = the_queue(n)
    for number in range(3000):
        it.put(number)
    it.close()
    for party in ('one', 'two'):
        mpctl.Process(n(party)).join()
    found = [number for party in ('one', 'two') for number in _Ledger(n, party).numbers()]
    # Not even the difference of two lists of thousands is of use to a reader.
    assert sorted(found) == list(range(3000)), f'{len(found)} items, {len(set(found))} of them different'


def _get_one(n):
    mpctl.Event(n('go')).wait()
    the_queue(n).get()


@row('queue', 'Queue.put', 'on credit, and nobody can still get', 'Broken at once', **hundred,
     events={'go': {}}, uses={'': {'@queue': 'put', '@go': 'set'}, 'other': {'@queue': 'get'}},
     parties={'other': (_get_one, {})})
def bounded_put_broken(n):
    it = the_queue(n)
    for number in range(4):
        it.put(number)
    mpctl.Event(n('go')).set()
    mpctl.Process(n('other')).join()
    raises(mpctl.Broken, it.put, 4)


@row('queue', 'Queue.put', 'on credit, of what is nested too deeply', 'refused, and nothing else is lost', **hundred,
     uses={'': {'@queue': ['put', 'get']}})
def bounded_put_too_deep(n):
    it = the_queue(n)
    for number in range(4):
        it.put(number)
    nested = []
    for _ in range(1200):
        nested = [nested]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    try:
        raises(mpctl.ProtocolError, it.put, nested)
    finally:
        sys.setrecursionlimit(limit)
    it.put(4)
    equal([it.get() for _ in range(5)], list(range(5)))


@row('queue', 'Queue.get', 'a bounded queue; a signal handler raises, again and again, in the middle of quick gets',
     'every item, once and in order', **hundred, uses=_get_and_put, parties={'other': (_put_some, {})})
def bounded_get_interrupted_often(n):
    equal(get_interrupted(n), list(range(3000)))


@row('queue', 'Queue.put', 'a bounded queue; a signal handler raises, again and again, in the middle of quick puts',
     'every item once and in order, and those whose put was interrupted at most once', **hundred, uses=_get_and_put,
     parties={'other': (lambda n: put_interrupted(n, 10000), {})})
def bounded_put_interrupted_often(n):
    *found, (count, interrupted) = the_queue(n)
    assert len(interrupted) > 5, interrupted
    equal(found, sorted(set(found)))
    equal(set(range(count)) - set(found) - set(interrupted), set())


class _Interruption(BaseException):
    pass


def _waits_for_put(frame, event):
    return event == 'call' and frame.f_code.co_name == 'answer_to' and frame.f_back.f_locals.get('method') == 'queue.put'


def _has_heard_of_credit(frame, event):
    return event == 'return' and frame.f_code.co_name == 'renew'


def _interrupt_put(it, item, is_there):
    """Where it comes to that; and once more before the put is called off."""

    def raise_there(frame, event, _argument):
        if is_there(frame, event):
            raise _Interruption

    call_off = mpctl._Stream._call_off
    mpctl._Stream._call_off = lambda *_arguments: None
    sys.setprofile(raise_there)
    try:
        it.put(item)
    except _Interruption:
        pass
    finally:
        sys.setprofile(None)
        mpctl._Stream._call_off = call_off


@row('queue', 'Queue.put', 'a bounded queue; puts are interrupted while they ask for credit, twice each, and of their answers only the first is heard',
     'every item once and in order, and those whose put was interrupted at most once', **hundred, uses={'': {'@queue': ['put', 'get']}})
def bounded_put_interrupted_while_it_asks(n):
    it = the_queue(n)
    it.put(0)
    _interrupt_put(it, 1, _waits_for_put)
    _interrupt_put(it, 2, _waits_for_put)
    _interrupt_put(it, 3, _has_heard_of_credit)
    for number in range(4, 8):
        it.put(number)
    found = [it.get() for _ in range(it.qsize())]
    equal(found, sorted(set(found)))
    equal({0, 4, 5, 6, 7} - set(found), set())


@row('queue', 'Queue.put', 'into a bounded queue in a signal handler, in the middle of quick puts', 'every item of both, once',
     **hundred, uses=_get_and_put, parties={'other': (put_from_handler, {})})
def bounded_put_in_handler(n):
    *found, handled = the_queue(n)
    equal([number for who, number in found if who == 'program'], list(range(5000)))
    equal(sorted(number for who, number in found if who == 'handler'), list(range(handled)))
