"""Rows for what is given as a timeout, and is none or an odd one: the same at everything that takes one."""

from decimal import Decimal
from fractions import Fraction

from table import equal, mpctl, raises, row

# More of them, and so quick, than a lock needs to be left to its thread.
_often = 2000

_needs = {
    'locks': {'lock': {}, 'its_lock': {}}, 'semaphores': {'permits': 1}, 'events': {'go': {}},
    'conditions': {'changed': {'lock': '@its_lock'}}, 'barriers': {'all': {'parties': 1}},
    'queues': {'queue': {}, 'bounded': {'capacity': 100}},
    'pools': {'pool': {'workers': 1, 'command': ['echo', '${{ item }}']}},
}


def _takers(n):
    """What takes a timeout, in a state in which it need not wait for anything."""
    bounded = mpctl.Queue(n('bounded'))
    # From the second one on they go by credit.
    for item in range(20):
        bounded.put(item)
    lock = mpctl.Lock(n('lock'))
    for _ in range(_often):
        with lock:
            pass
    changed = mpctl.Condition(n('changed'), mpctl.Lock(n('its_lock')))
    changed.acquire()
    task = mpctl.Pool(n('pool')).apply_async('x')
    return {
        'Lock.acquire': lambda timeout: lock.acquire(True, timeout),
        'Semaphore.acquire': lambda timeout: mpctl.Semaphore(n('permits')).acquire(True, timeout),
        'Event.wait': mpctl.Event(n('go')).wait,
        'Condition.wait': changed.wait,
        'Condition.wait_for': lambda timeout: changed.wait_for(lambda: False, timeout),
        'Barrier.wait': mpctl.Barrier(n('all')).wait,
        'Queue.put': lambda timeout: mpctl.Queue(n('queue')).put(1, True, timeout),
        'Queue.put, bounded': lambda timeout: bounded.put(1, True, timeout),
        'Queue.get': lambda timeout: bounded.get(True, timeout),
        'AsyncResult.get': task.get,
        'imap.next': mpctl.Pool(n('pool')).imap_unordered(iter('x')).next,
        'Process.join': mpctl.Process(n('other')).join,
    }


_other = {'extra': {'@other': {'command': ['true'], 'autostart': False}}, 'uses': {
    '': {'@go': 'set', '@changed': 'notify', '@all': 'wait', '@queue': ['put', 'get'], '@bounded': ['put', 'get'],
         '@pool': 'submit', '@other': 'start'}}}


@row('timeout', 'everything with a timeout', 'a text', 'TypeError, which names the argument', **_needs, **_other)
def timeout_text(n):
    for name, wait in _takers(n).items():
        message = str(raises(TypeError, wait, '1'))
        assert message == 'timeout must be real number, not str', f'{name}: {message}'


@row('timeout', 'everything with a timeout', 'NaN', 'ValueError, as of a lock of `threading`', **_needs, **_other)
def timeout_nan(n):
    for name, wait in _takers(n).items():
        message = str(raises(ValueError, wait, float('nan')))
        assert message == 'timeout: Invalid value NaN (not a number)', f'{name}: {message}'


@row('timeout', 'Semaphore.acquire', 'a Decimal, a Fraction, the largest float', 'waits as long', **_needs, **_other)
def timeout_of_other_numbers(n):
    it = mpctl.Semaphore(n('permits'))
    for timeout in (Decimal('0.01'), Fraction(1, 100), 1e308):
        equal(it.acquire(True, timeout), True)
        it.release()
    it.acquire()
    equal(it.acquire(True, Decimal('0.01')), False)
    raises(OverflowError, it.acquire, True, 10**400)


@row('timeout', 'Connection.poll', 'a text, NaN', 'TypeError, ValueError', pipes={'link': {'between': ['@other', 'timeout_of_poll']}},
     extra={'@other': {'command': ['sleep', '1'], 'autostart': False}}, uses={'': {'@other': 'start'}})
def timeout_of_poll(n):
    it = mpctl.Pipe(n('link'))
    raises(TypeError, it.poll, '1')
    raises(ValueError, it.poll, float('nan'))
