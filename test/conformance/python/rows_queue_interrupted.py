"""Rows for Queue in the middle of something: signals, forks, threads, and the end of who is at the other side."""

import dis
import json
import os
import signal
import sys

from queue_parts import the_queue, unbounded
from table import DEADLINE, Child, Task, equal, mpctl, raises, row, until, waiting


@row('queue', 'Queue.get', 'Ctrl-C while it waits, then an item comes', 'KeyboardInterrupt; the item is not lost',
     **unbounded)
def queue_interrupted(n):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    it = the_queue(n)

    def interrupt():
        until(lambda: waiting('queue', it.name) == 1)
        os.kill(os.getpid(), signal.SIGINT)

    for number in range(20):
        task = Task(interrupt)
        raises(KeyboardInterrupt, it.get)
        task.result()
        it.put(number)
        equal(it.get(timeout=DEADLINE), number)
    equal(it.qsize(), 0)


class _Interruption(BaseException):
    pass


def _is_about_to_return(frame):
    code = frame.f_code.co_code
    following = frame.f_lasti + 2
    return following < len(code) and code[following] == dis.opmap['RETURN_VALUE']


class _Interruptions:
    """A signal handler that raises every few ms, but only within `during`."""

    def __enter__(self):
        self.count = 0
        self._is_armed = False
        signal.signal(signal.SIGALRM, self._handle)
        signal.setitimer(signal.ITIMER_REAL, 0.002, 0.0023)
        return self

    def __exit__(self, *_exception):
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _handle(self, _signal, frame):
        # What a function has returned is its caller's, who may lose it: CPython 3.9 lets handlers run between the
        # last steps of a function and the first of its caller, later versions do not.
        if self._is_armed and frame.f_code.co_filename != __file__ and not _is_about_to_return(frame):
            self._is_armed = False
            self.count += 1
            raise _Interruption

    def during(self, function, *arguments):
        """Whether the function came to its end."""
        try:
            self._is_armed = True
            function(*arguments)
            self._is_armed = False
        except _Interruption:
            return False
        return True


def _put_long(n):
    it = the_queue(n)
    for number in range(60000):
        it.put(number)


@row('queue', 'Queue.get', 'a signal handler raises, again and again, in the middle of quick gets',
     'every item, once and in order', **unbounded, uses={'': {'@queue': 'get'}, 'other': {'@queue': 'put'}},
     parties={'other': (_put_long, {})})
def queue_get_interrupted_often(n):
    equal(get_interrupted(n), list(range(60000)))


def get_interrupted(n):
    """All items, got while a signal handler raises."""
    it = the_queue(n)
    found = []

    def get_all():
        for item in it:
            found.append(item)

    # Where the machine is busy, to connect may take longer than there is between two interruptions.
    it.qsize()
    with _Interruptions() as interruptions:
        while not interruptions.during(get_all):
            pass
    assert interruptions.count > 5, interruptions.count
    return found


class _StepInterrupted:
    """Raises at one step of the client, of those at which a handler of a signal may run: at the start of a function,
    and when one has returned. Not while a call is being called off: that would be the second interruption."""

    def __init__(self, number):
        self.left = number

    def _profile(self, frame, event, _argument):
        code = frame.f_code
        is_return_of_all = event == 'return' and frame.f_back.f_code.co_filename != mpctl.__file__
        if code.co_filename != mpctl.__file__ or is_return_of_all or event == 'c_call':
            return
        caller = frame
        while caller is not None and caller.f_code.co_name != '_call_off':
            caller = caller.f_back
        if caller is None:
            self.left -= 1
            if self.left == 0:
                raise _Interruption

    def during(self, function, *arguments):
        sys.setprofile(self._profile)
        try:
            return function(*arguments)
        finally:
            sys.setprofile(None)


@row('queue', 'Queue.get', 'interrupted at each of its steps in turn, where it borrows and where it has a loan',
     'every item, once and in order', **unbounded)
def queue_get_interrupted_at_each_step(n):
    it = the_queue(n)
    # However slow the steps are: what follows within so many seconds is quick enough to borrow.
    mpctl._Loan._ahead = 1.0
    put, found = 0, []

    def put_some(count):
        nonlocal put
        for _ in range(count):
            it.put(put)
            put += 1

    def get_some(count):
        for _ in range(count):
            found.append(it.get(timeout=DEADLINE))

    put_some(40)
    get_some(40)
    assert it.name in mpctl._client.loans
    step = 0
    interruption = None
    while interruption is None or interruption.left <= 0:
        step += 1
        put_some(4)
        interruption = _StepInterrupted(step)
        try:
            interruption.during(get_some, 3)
        except _Interruption:
            pass
        get_some(put - len(found))
    assert step > 20, step
    equal(found, list(range(put)))
    equal(it.qsize(), 0)


class _CallOffInterrupted:
    """Raises where a call waits for its answer, and again at the start of one function by which that is called off."""

    def __init__(self, number):
        self.left = number

    def _wait(self, frame, event, _argument):
        if event == 'call' and frame.f_code.co_name == 'answer_to':
            raise _Interruption

    def _step(self, frame, event, _argument):
        if event == 'call' and frame.f_code.co_filename == mpctl.__file__ and frame.f_code.co_name != '_call_off':
            self.left -= 1
            if self.left == 0:
                raise _Interruption

    def during(self, function):
        call_off = mpctl._Stream._call_off

        def interrupted(*arguments):
            # What raises in a profile ends that profile.
            sys.setprofile(self._step)
            try:
                call_off(*arguments)
            finally:
                sys.setprofile(None)

        mpctl._Stream._call_off = interrupted
        sys.setprofile(self._wait)
        try:
            function()
        except _Interruption:
            pass
        finally:
            sys.setprofile(None)
            mpctl._Stream._call_off = call_off


@row('queue', 'Queue.get', 'interrupted, and once more while it is called off, at each step of that', 'every item, once and in order',
     **unbounded)
def queue_get_interrupted_twice(n):
    it = the_queue(n)
    it.qsize()
    found = []
    step, interruption = 0, None
    while interruption is None or interruption.left <= 0:
        for number in range(3):
            it.put(3 * step + number)
        step += 1
        interruption = _CallOffInterrupted(step)
        interruption.during(lambda: found.append(it.get(timeout=DEADLINE)))
        while len(found) < 3 * step:
            found.append(it.get(timeout=DEADLINE))
    assert step > 4, step
    equal(found, list(range(3 * step)))


def put_interrupted(n, most=60000):
    """Puts while a signal handler raises, and then how many there are and which puts it interrupted."""
    it = the_queue(n)
    next_number = 0
    interrupted = []

    def put_all():
        nonlocal next_number
        while next_number < most:
            it.put(next_number)
            next_number += 1

    it.qsize()
    with _Interruptions() as interruptions:
        while not interruptions.during(put_all):
            interrupted.append(next_number)
            next_number += 1
    it.put([next_number, interrupted])


@row('queue', 'Queue.put', 'a signal handler raises, again and again, in the middle of quick puts',
     'every item once and in order, and those whose put was interrupted at most once', **unbounded,
     uses={'': {'@queue': 'get'}, 'other': {'@queue': 'put'}},
     parties={'other': (put_interrupted, {})})
def queue_put_interrupted_often(n):
    *found, (count, interrupted) = the_queue(n)
    assert len(interrupted) > 5, interrupted
    equal(found, sorted(set(found)))
    equal(set(range(count)) - set(found) - set(interrupted), set())


def put_from_handler(n):
    """Puts in a signal handler as well, and then how often that was."""
    it = the_queue(n)
    handled = 0

    def handle(*_arguments):
        nonlocal handled
        number = handled
        handled += 1
        it.put(['handler', number])
        if not is_over:
            signal.setitimer(signal.ITIMER_REAL, 0.002)

    is_over = False
    signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.002)
    for number in range(5000):
        it.put(['program', number])
    is_over = True
    signal.setitimer(signal.ITIMER_REAL, 0)
    it.put(handled)


@row('queue', 'Queue.put', 'in a signal handler, in the middle of quick puts', 'every item of both, once', **unbounded,
     uses={'': {'@queue': 'get'}, 'other': {'@queue': 'put'}}, parties={'other': (put_from_handler, {})})
def queue_put_in_handler(n):
    *found, handled = the_queue(n)
    equal([number for who, number in found if who == 'program'], list(range(5000)))
    equal(sorted(number for who, number in found if who == 'handler'), list(range(handled)))


@row('queue', 'Queue.put', 'after another object of the process has closed it', 'ValueError at once', **unbounded)
def queue_put_after_close_elsewhere(n):
    it = the_queue(n)
    for number in range(100):
        it.put(number)
    the_queue(n).close()
    raises(ValueError, it.put, 100)
    equal([it.get() for _ in range(100)], list(range(100)))


@row('queue', 'os.fork', 'in the middle of quick puts, and of gets with items on loan', 'parent and child get each item once',
     **unbounded)
def queue_fork_in_the_middle(n):
    it = the_queue(n)

    def put(numbers):
        for number in numbers:
            it.put(number)

    put(range(1000))
    child = Child(put, range(1000, 1500))
    put(range(1500, 3000))
    equal(child.result(), None)
    found = [it.get() for _ in range(700)]
    child = Child(lambda: [it.get() for _ in range(700)])
    found += [it.get() for _ in range(900)]
    found += child.result()
    found += [it.get(timeout=DEADLINE) for _ in range(700)]
    equal(sorted(found), list(range(3000)))
    equal(it.qsize(), 0)


@row('queue', 'Queue.get, qsize', 'six threads get in quick succession, and so does another process', 'each item once',
     **unbounded)
def queue_threads_borrow(n):
    it = the_queue(n)
    for number in range(10000):
        it.put(number)

    def get_some():
        return [it.get() for _ in range(1000)]

    child = Child(lambda: [it.get() for _ in range(3000)])
    tasks = [Task(get_some) for _ in range(6)]
    found = [number for task in tasks for number in task.result()] + child.result()
    equal(it.qsize(), 1000)
    found += get_some()
    equal(sorted(found), list(range(10000)))


def _get_one(n):
    the_queue(n).get()


def _see_it_full(n):
    until(the_queue(n).full)


@row('queue', 'queue.put of several items', 'the last consumer ends after some', 'Broken, which says how many were put',
     queues={'queue': {'capacity': 2}}, uses={'': {'@queue': 'put'}, 'other': {'@queue': 'get'}},
     parties={'other': (_see_it_full, {})})
def queue_put_some_broken(n):
    params = json.dumps({'name': n('queue'), 'items': [1, 2, 3]})
    equal(raises(mpctl.Broken, mpctl._client.call, 'queue.put', params).put, 2)
    equal(raises(mpctl.Broken, the_queue(n).put, 1).put, 0)


@row('queue', 'Queue.put', 'quick puts, and nobody can still get', 'Broken by one of the next thousand', queues={'queue': {}},
     uses={'': {'@queue': 'put'}, 'other': {'@queue': 'get'}}, parties={'other': (_get_one, {})})
def queue_put_broken(n):
    it = the_queue(n)
    it.put(0)
    mpctl.Process(n('other')).join()

    def put_all():
        for number in range(1100):
            it.put(number)

    raises(mpctl.Broken, put_all)


@row('queue', 'Queue.get', 'a process that waited in it was killed', 'the next item goes to another', **unbounded)
def queue_reader_killed(n):
    it = the_queue(n)
    child = Child(it.get)
    until(lambda: waiting('queue', it.name) == 1)
    child.kill()
    until(lambda: waiting('queue', it.name) == 0)
    it.put('item')
    equal(it.get(timeout=DEADLINE), 'item')
