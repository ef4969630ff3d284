"""Rows for Barrier. The parties are instances of their own, or threads of one."""

import threading

from table import Child, Task, at_least, equal, mpctl, raises, row, took, until

N = 5


def barrier(parties=N, **more):
    return {'barriers': {'barrier': {'parties': parties, **more}}}


def _index(n):
    return mpctl.Barrier(n('barrier')).wait()


def _lockstep(n, passes):
    it, arrived, left = mpctl.Barrier(n('barrier')), mpctl.Value(n('arrived')), mpctl.Value(n('left'))
    for number in range(passes):
        arrived.add(1)
        equal(left.value, number * N)
        it.wait()
        left.add(1)
        equal(arrived.value, (number + 1) * N)
        it.wait()
    return True


def _threads(function, *arguments):
    return [task.result() for task in [Task(function, *arguments) for _ in range(N)]]


@row('barrier', 'Barrier.wait', 'five threads, once', 'nobody passes before the last has come',
     **barrier(), values={'arrived': 0, 'left': 0}, covers=['BarrierTests.test_barrier'])
def barrier_once(n):
    _threads(_lockstep, n, 1)
    it = mpctl.Barrier(n('barrier'))
    equal([it.n_waiting, it.broken, it.parties], [0, False, N])


@row('barrier', 'Barrier.wait', 'five threads, ten times', 'in lockstep each time',
     **barrier(), values={'arrived': 0, 'left': 0}, covers=['BarrierTests.test_barrier_10'])
def barrier_ten_times(n):
    _threads(_lockstep, n, 10)


@row('barrier', 'Barrier.wait', 'five forked processes, ten times', 'in lockstep each time',
     **barrier(), values={'arrived': 0, 'left': 0},
     covers=['_TestBarrier.test_barrier', '_TestBarrier.test_barrier_10', 'TestSyncManagerTypes.test_barrier'])
def barrier_processes(n):
    children = [Child(_lockstep, n, 10) for _ in range(N)]
    equal([child.result() for child in children], [True] * N)


def _party(n):
    index = _index(n)
    mpctl.Value(n('sum')).add(10**index)
    mpctl.Barrier(n('barrier')).wait()


@row('barrier', 'Barrier.wait', 'five instances', 'a different number from 0 on for each', **barrier(),
     values={'sum': 0}, parties={'other': (_party, {'replicas': N - 1})},
     covers=['_TestBarrier.test_wait_return', 'BarrierTests.test_wait_return'])
def barrier_wait_return(n):
    _party(n)
    equal(mpctl.Value(n('sum')).value, 11111)


@row('barrier', 'Barrier(action)', 'five threads', 'called once, before anyone goes on', **barrier(),
     covers=['BarrierTests.test_action'])
def barrier_action(n):
    called = []

    def party():
        index = mpctl.Barrier(n('barrier'), lambda: called.append(True)).wait()
        equal(len(called), 1)
        return index

    equal(sorted(_threads(party)), list(range(N)))


def _with_action(n):
    called = mpctl.Value(n('called'))
    mpctl.Barrier(n('barrier'), action=lambda: called.add(1)).wait()
    return called.value


@row('barrier', 'Barrier(action)', 'five forked processes', 'called once, before anyone goes on', **barrier(),
     values={'called': 0}, covers=['_TestBarrier.test_action'])
def barrier_action_processes(n):
    children = [Child(_with_action, n) for _ in range(N)]
    equal([child.result() for child in children], [1] * N)


@row('barrier', 'Barrier(action)', 'the action raises', 'its exception for one, BrokenBarrierError for the others',
     **barrier())
def barrier_action_raises(n):
    def fail():
        raise KeyError('no')

    def party():
        try:
            mpctl.Barrier(n('barrier'), fail).wait()
        except KeyError:
            return 'raised'
        except threading.BrokenBarrierError:
            return 'broken'
        return 'passed'

    equal(sorted(_threads(party)), ['broken'] * 4 + ['raised'])
    equal(mpctl.Barrier(n('barrier')).broken, True)


def _aborting(n):
    it = mpctl.Barrier(n('barrier'))
    if it.wait() == N // 2:
        it.abort()
        return 'aborted'
    try:
        it.wait()
    except threading.BrokenBarrierError:
        return 'broken'
    return 'passed'


@row('barrier', 'Barrier.abort', 'others wait or come later', 'BrokenBarrierError for each, until `reset`', **barrier(),
     covers=['_TestBarrier.test_abort', 'BarrierTests.test_abort'])
def barrier_abort(n):
    equal(sorted(_threads(_aborting, n)), ['aborted'] + ['broken'] * 4)
    it = mpctl.Barrier(n('barrier'))
    equal(it.broken, True)
    raises(threading.BrokenBarrierError, it.wait)


@row('barrier', 'Barrier.abort', 'forked processes wait', 'BrokenBarrierError for each', **barrier(),
     covers=['_TestBarrier.test_abort'])
def barrier_abort_processes(n):
    children = [Child(_aborting, n) for _ in range(N)]
    equal(sorted(child.result() for child in children), ['aborted'] + ['broken'] * 4)


def _resetting(n):
    it = mpctl.Barrier(n('barrier'))
    outcome = 'reset'
    if it.wait() == N // 2:
        until(lambda: it.n_waiting == N - 1)
        it.reset()
    else:
        try:
            it.wait()
            outcome = 'passed'
        except threading.BrokenBarrierError:
            outcome = 'broken'
    it.wait()
    return outcome


@row('barrier', 'Barrier.reset', 'others wait', 'BrokenBarrierError for them; then it works again', **barrier(),
     covers=['_TestBarrier.test_reset', 'BarrierTests.test_reset'])
def barrier_reset(n):
    equal(sorted(_threads(_resetting, n)), ['broken'] * 4 + ['reset'])
    equal(mpctl.Barrier(n('barrier')).broken, False)


@row('barrier', 'Barrier.abort, then Barrier.reset', 'five threads', 'it works again',
     barriers={'barrier': {'parties': N}, 'second': {'parties': N}},
     covers=['_TestBarrier.test_abort_and_reset', 'BarrierTests.test_abort_and_reset'])
def barrier_abort_and_reset(n):
    def party():
        outcome = _aborting(n)
        it, second = mpctl.Barrier(n('barrier')), mpctl.Barrier(n('second'))
        if second.wait() == N // 2:
            it.reset()
        second.wait()
        it.wait()
        return outcome

    equal(sorted(_threads(party)), ['aborted'] + ['broken'] * 4)


@row('barrier', 'Barrier.wait(timeout)', 'one party does not come in time', 'BrokenBarrierError for all', **barrier(),
     covers=['_TestBarrier.test_timeout', 'BarrierTests.test_timeout'])
def barrier_timeout(n):
    it = mpctl.Barrier(n('barrier'))

    def party():
        if it.wait() == N // 2:
            until(lambda: it.broken)
        raises(threading.BrokenBarrierError, it.wait, 0.2)

    _threads(party)


@row('barrier', 'Barrier(timeout)', 'one party does not come in time', 'BrokenBarrierError for all', **barrier(),
     covers=['_TestBarrier.test_default_timeout', 'BarrierTests.test_default_timeout'])
def barrier_default_timeout(n):
    it = mpctl.Barrier(n('barrier'), timeout=0.2)

    def party():
        if it.wait(20) == N // 2:
            until(lambda: it.broken)
            raises(threading.BrokenBarrierError, it.wait)
            return 0.2
        _, seconds = took(raises, threading.BrokenBarrierError, it.wait)
        return seconds

    # Whoever came first has waited for the whole time.
    at_least(0.2, max(_threads(party)))


@row('barrier', 'Barrier.wait', 'the timeout of the spec', 'BrokenBarrierError after it', **barrier(2, timeout='200ms'),
     covers=['BarrierTests.test_default_timeout'])
def barrier_spec_timeout(n):
    _, seconds = took(raises, threading.BrokenBarrierError, mpctl.Barrier(n('barrier')).wait)
    at_least(0.2, seconds)


@row('barrier', 'Barrier.wait', 'a single party', '0, again and again', **barrier(1),
     covers=['_TestBarrier.test_single_thread', 'BarrierTests.test_single_thread'])
def barrier_single(n):
    it = mpctl.Barrier(n('barrier'))
    equal([it.wait(), it.wait()], [0, 0])


def _many(n):
    it, lock, queue = mpctl.Barrier(n('barrier')), mpctl.Lock(n('lock')), mpctl.Queue(n('queue'))
    for number in range(200):
        it.wait()
        with lock:
            queue.put(number)


@row('barrier', 'Barrier.wait', 'five forked processes, two hundred times', 'never a step apart', **barrier(),
     locks={'lock': {}}, queues={'queue': {}}, covers=['_TestBarrier.test_thousand'])
def barrier_many(n):
    children = [Child(_many, n) for _ in range(N)]
    queue = mpctl.Queue(n('queue'))
    for number in range(200):
        equal([queue.get() for _ in range(N)], [number] * N)
    for child in children:
        child.result()


@row('barrier', 'repr(Barrier)', 'empty, two waiting, broken', 'shows it', **barrier(3), covers=['BarrierTests.test_repr'])
def barrier_repr(n):
    it = mpctl.Barrier(n('barrier'))
    assert 'waiters=0/3' in repr(it), repr(it)
    tasks = [Task(it.wait, 20) for _ in range(2)]
    until(lambda: it.n_waiting == 2)
    assert 'waiters=2/3' in repr(it), repr(it)
    it.wait(20)
    for task in tasks:
        task.result()
    assert 'waiters=0/3' in repr(it), repr(it)
    it.abort()
    assert 'broken' in repr(it), repr(it)


@row('barrier', 'Barrier.wait', 'a party that waited was killed', 'its arrival is taken back; broken in the time', **barrier(2))
def barrier_party_killed(n):
    it = mpctl.Barrier(n('barrier'))
    child = Child(it.wait)
    until(lambda: it.n_waiting == 1)
    child.kill()
    until(lambda: it.n_waiting == 0)
    raises(threading.BrokenBarrierError, it.wait, 0.2)


@row('barrier', 'Barrier.wait', 'too few parties are left to fill it', 'BrokenBarrierError instead of a hang', **barrier(2),
     uses={'': {'@barrier': 'wait'}, 'other': {'@barrier': 'wait'}}, parties={'other': (lambda n: None, {})})
def barrier_too_few(n):
    # A program may fill it with its own threads or processes, so this ends by the time-out at the latest.
    raises(threading.BrokenBarrierError, mpctl.Barrier(n('barrier')).wait, 5)
