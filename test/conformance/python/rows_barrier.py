"""Rows for Barrier. Its parties are instances: this one and four replicas of another process."""

import threading

from table import DEADLINE, Child, Task, at_least, at_once, equal, mpctl, raises, row, took, until

N = 5


def _told(function):
    """A party that tells the row what it gave."""

    def party(n):
        try:
            outcome = function(n)
        except BaseException as error:
            mpctl.Queue(n('outcomes')).put(f'{type(error).__name__}: {error}')
            raise
        mpctl.Queue(n('outcomes')).put(outcome)

    return party


def barrier_row(call, situation, outcome, function, covers=(), parties=N, barriers=None, **needs):
    """A row whose parties all do the same; the function that follows checks what they gave."""
    told = _told(function)
    needs.setdefault('queues', {})['outcomes'] = {}
    uses = {'@outcomes': ['put', 'get']}
    barriers = barriers or {'barrier': {'parties': parties}}
    uses.update({f'@{name}': 'wait' for name in barriers})
    uses.update({f'@{name}': ['put', 'get'] for name in needs['queues']})

    def add(check):
        def run(n):
            told(n)
            queue = mpctl.Queue(n('outcomes'))
            check(n, [queue.get(timeout=DEADLINE) for _ in range(N)])

        run.__name__ = check.__name__
        others = {'other': (told, {'replicas': N - 1})}
        declare = row('barrier', call, situation, outcome, covers=covers, parties=others,
                      uses={'': uses, 'other': uses}, barriers=barriers, **needs)
        declare(run)
        return check

    return add


def _barrier(n):
    return mpctl.Barrier(n('barrier'))


def _lockstep(passes):
    def party(n):
        it, arrived, left = _barrier(n), mpctl.Value(n('arrived')), mpctl.Value(n('left'))
        for number in range(passes):
            arrived.add(1)
            equal(left.value, number * N)
            it.wait()
            left.add(1)
            equal(arrived.value, (number + 1) * N)
            it.wait()
        return True

    return party


@barrier_row('Barrier.wait', 'five parties, once', 'nobody passes before the last has come', _lockstep(1),
             values={'arrived': 0, 'left': 0},
             covers=['_TestBarrier.test_barrier', 'BarrierTests.test_barrier', 'TestSyncManagerTypes.test_barrier'])
def barrier_once(n, outcomes):
    equal(outcomes, [True] * N)


@barrier_row('Barrier.wait', 'five parties, ten times', 'in lockstep each time', _lockstep(10),
             values={'arrived': 0, 'left': 0}, covers=['_TestBarrier.test_barrier_10', 'BarrierTests.test_barrier_10'])
def barrier_ten_times(n, outcomes):
    equal(outcomes, [True] * N)


@barrier_row('Barrier.wait', 'five parties', 'a different number from 0 on for each', lambda n: _barrier(n).wait(),
             covers=['_TestBarrier.test_wait_return', 'BarrierTests.test_wait_return'])
def barrier_wait_return(n, outcomes):
    equal(sorted(outcomes), list(range(N)))


def _threads(n):
    it = _barrier(n)
    return sorted([child.result() for child in [Child(it.wait), Child(it.wait)]])


@barrier_row('Barrier.wait', 'each instance arrives with two processes of its own', 'each arrival counts', _threads,
             parties=N, barriers={'barrier': {'parties': N}})
def barrier_of_forked(n, outcomes):
    # Ten arrivals fill it twice.
    equal(sorted(sum(outcomes, [])), sorted([*range(N), *range(N)]))


@row('barrier', 'Barrier.wait', 'three threads of the only process that may come', 'each of them is a party',
     barriers={'barrier': {'parties': 3}})
def barrier_of_threads(n):
    it = _barrier(n)
    rounds = [task.result() for task in [Task(lambda: [it.wait(), it.wait()]) for _ in range(3)]]
    for arrivals in zip(*rounds):
        equal(sorted(arrivals), [0, 1, 2])


def _with_action(n):
    called = mpctl.Value(n('called'))
    mpctl.Barrier(n('barrier'), action=lambda: called.add(1)).wait()
    return called.value


@barrier_row('Barrier(action)', 'five parties', 'called once, before anyone goes on', _with_action, values={'called': 0},
             covers=['_TestBarrier.test_action', 'BarrierTests.test_action'])
def barrier_action(n, outcomes):
    equal(outcomes, [1] * N)


def _failing_action(n):
    def fail():
        raise KeyError('no')

    try:
        mpctl.Barrier(n('barrier'), fail).wait()
    except KeyError:
        return 'raised'
    except threading.BrokenBarrierError:
        return 'broken'
    return 'passed'


@barrier_row('Barrier(action)', 'the action raises', 'its exception for one, BrokenBarrierError for the others',
             _failing_action)
def barrier_action_raises(n, outcomes):
    equal(sorted(outcomes), ['broken'] * 4 + ['raised'])
    equal(_barrier(n).broken, True)


def _aborting(n):
    it = _barrier(n)
    if it.wait() == N // 2:
        it.abort()
        return 'aborted'
    try:
        it.wait()
    except threading.BrokenBarrierError:
        return 'broken'
    return 'passed'


@barrier_row('Barrier.abort', 'others wait or come later', 'BrokenBarrierError for each, until `reset`', _aborting,
             covers=['_TestBarrier.test_abort', 'BarrierTests.test_abort'])
def barrier_abort(n, outcomes):
    equal(sorted(outcomes), ['aborted'] + ['broken'] * 4)
    equal(_barrier(n).broken, True)
    raises(threading.BrokenBarrierError, _barrier(n).wait)


def _resetting(n):
    it = _barrier(n)
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


@barrier_row('Barrier.reset', 'others wait', 'BrokenBarrierError for them; then it works again', _resetting,
             covers=['_TestBarrier.test_reset', 'BarrierTests.test_reset'])
def barrier_reset(n, outcomes):
    equal(sorted(outcomes), ['broken'] * 4 + ['reset'])


def _aborting_and_resetting(n):
    outcome = _aborting(n)
    it, second = _barrier(n), mpctl.Barrier(n('second'))
    if second.wait() == N // 2:
        it.reset()
    second.wait()
    it.wait()
    return outcome


@barrier_row('Barrier.abort, then Barrier.reset', 'five parties', 'it works again', _aborting_and_resetting,
             barriers={'barrier': {'parties': N}, 'second': {'parties': N}},
             covers=['_TestBarrier.test_abort_and_reset', 'BarrierTests.test_abort_and_reset'])
def barrier_abort_and_reset(n, outcomes):
    equal(sorted(outcomes), ['aborted'] + ['broken'] * 4)


def _late(n):
    it = _barrier(n)
    if it.wait() == N // 2:
        until(lambda: it.broken)
    _, seconds = took(raises, threading.BrokenBarrierError, it.wait, 0.2)
    return seconds


@barrier_row('Barrier.wait(timeout)', 'one party does not come in time', 'BrokenBarrierError for all', _late,
             covers=['_TestBarrier.test_timeout', 'BarrierTests.test_timeout'])
def barrier_timeout(n, outcomes):
    # Whoever came first has waited for the whole time.
    at_least(0.2, max(outcomes))


def _late_by_default(n):
    it = mpctl.Barrier(n('barrier'), timeout=0.2)
    if it.wait(DEADLINE) == N // 2:
        until(lambda: it.broken)
    _, seconds = took(raises, threading.BrokenBarrierError, it.wait)
    return seconds


@barrier_row('Barrier(timeout)', 'one party does not come in time', 'BrokenBarrierError for all', _late_by_default,
             covers=['_TestBarrier.test_default_timeout', 'BarrierTests.test_default_timeout'])
def barrier_default_timeout(n, outcomes):
    at_least(0.2, max(outcomes))


def _late_by_spec(n):
    it = _barrier(n)
    index = mpctl.Barrier(n('first')).wait()
    if index == N // 2:
        until(lambda: it.broken)
    _, seconds = took(raises, threading.BrokenBarrierError, it.wait)
    return seconds


@barrier_row('Barrier.wait', 'one party does not come within the timeout of the spec', 'BrokenBarrierError for all',
             _late_by_spec, barriers={'first': {'parties': N}, 'barrier': {'parties': N, 'timeout': '200ms'}},
             covers=['BarrierTests.test_default_timeout'])
def barrier_spec_timeout(n, outcomes):
    at_least(0.2, max(outcomes))


@row('barrier', 'Barrier.wait', 'a single party', '0, again and again', barriers={'barrier': {'parties': 1}},
     covers=['_TestBarrier.test_single_thread', 'BarrierTests.test_single_thread'])
def barrier_single(n):
    it = _barrier(n)
    equal([it.parties, it.wait(), it.wait(), it.n_waiting, it.broken], [1, 0, 0, 0, False])


def _many(n):
    it, lock, queue = _barrier(n), mpctl.Lock(n('lock')), mpctl.Queue(n('queue'))
    for number in range(200):
        it.wait()
        with lock:
            queue.put(number)
    return True


@barrier_row('Barrier.wait', 'five parties, two hundred times', 'never a step apart', _many, locks={'lock': {}},
             queues={'queue': {}}, covers=['_TestBarrier.test_thousand'])
def barrier_many(n, outcomes):
    queue = mpctl.Queue(n('queue'))
    for number in range(200):
        equal([queue.get(timeout=DEADLINE) for _ in range(N)], [number] * N)


def _repr_party(n):
    _barrier(n).wait(DEADLINE)
    mpctl.Event(n('over')).wait(DEADLINE)


@row('barrier', 'repr(Barrier)', 'empty, two waiting, broken', 'shows it', barriers={'barrier': {'parties': 3}},
     events={'over': {}}, parties={'other': (_repr_party, {'replicas': 2})}, covers=['BarrierTests.test_repr'])
def barrier_repr(n):
    it = _barrier(n)
    until(lambda: it.n_waiting == 2)
    assert 'waiters=2/3' in repr(it), repr(it)
    it.wait(DEADLINE)
    assert 'waiters=0/3' in repr(it), repr(it)
    it.abort()
    assert 'broken' in repr(it), repr(it)
    mpctl.Event(n('over')).set()


@row('barrier', 'Barrier.wait', 'a process that waited was killed', 'its arrival is taken back; broken within the time',
     barriers={'barrier': {'parties': 2}}, events={'over': {}},
     parties={'other': (lambda n: mpctl.Event(n('over')).wait(DEADLINE), {})})
def barrier_party_killed(n):
    it = _barrier(n)
    child = Child(it.wait)
    until(lambda: it.n_waiting == 1)
    child.kill()
    until(lambda: it.n_waiting == 0)
    _, seconds = took(raises, threading.BrokenBarrierError, it.wait, 0.2)
    at_least(0.2, seconds)
    mpctl.Event(n('over')).set()


@row('barrier', 'Barrier.wait', 'too few parties are left to fill it', 'BrokenBarrierError instead of a hang',
     barriers={'barrier': {'parties': 2}}, parties={'other': (lambda n: None, {})})
def barrier_too_few(n):
    _, seconds = took(raises, threading.BrokenBarrierError, _barrier(n).wait)
    at_once(seconds)
