"""Rows for Process, current_process, active_children, cpu_count, and for what the client is itself."""

import inspect
import multiprocessing
import os
import socket
import subprocess
import sys
from multiprocessing import connection, pool, queues, synchronize

from table import DEADLINE, Task, at_least, at_once, equal, mpctl, raises, row, took, until

sleeper = {'extra': {'@other': {'command': ['sleep', '600'], 'autostart': False, 'allow_failure': True}},
           'uses': {'': {'@other': 'start'}}}


def _other(n):
    return mpctl.Process(n('other'))


@row('process', 'Process.start, is_alive, pid, terminate, join, exitcode', 'a process with `autostart: false`',
     'as of a child of Python', **sleeper, covers=['_TestProcess.test_process', '_TestProcess.test_terminate'])
def process_life(n):
    it = _other(n)
    equal([it.name, it.is_alive(), it.pid, it.exitcode], [n('other'), False, None, None])
    equal(it.start(), None)
    until(lambda: it.pid is not None)
    equal([it.is_alive(), it.exitcode], [True, None])
    os.kill(it.pid, 0)
    raises(AssertionError, it.start)
    result, seconds = took(it.join, 0.1)
    equal(result, None)
    at_least(0.1, seconds)
    equal(it.is_alive(), True)
    equal(it.terminate(), None)
    equal(it.join(), None)
    equal([it.is_alive(), it.exitcode], [False, -15])


@row('process', 'Process.kill', 'it runs', 'exitcode -9', **sleeper, covers=['_TestProcess.test_kill'])
def process_kill(n):
    it = _other(n)
    it.start()
    until(lambda: it.pid is not None)
    it.kill()
    it.join(timeout=DEADLINE)
    equal(it.exitcode, -9)


@row('process', 'Process.exitcode', 'it ended by itself with 3', '3',
     extra={'@other': {'command': 'exit 3', 'allow_failure': True}})
def process_exit_code(n):
    it = _other(n)
    it.join()
    equal(it.exitcode, 3)


@row('process', 'active_children, current_process, cpu_count', 'another process starts and ends', 'in and out of the list',
     **sleeper, covers=['_TestProcess.test_active_children', '_TestProcess.test_current', '_TestProcess.test_cpu_count'])
def process_lists(n):
    it = _other(n)
    me = mpctl.current_process()
    equal([me.name, me.pid, me.is_alive(), me.exitcode], [n('')[:-1], os.getpid(), True, None])
    assert me not in mpctl.active_children()
    assert it not in mpctl.active_children()
    it.start()
    until(lambda: it in mpctl.active_children())
    it.kill()
    it.join()
    assert it not in mpctl.active_children()
    equal(mpctl.cpu_count(), os.cpu_count())


@row('process', 'Process of a name', 'the spec has none of it', 'ProcessLookupError')
def process_unknown(n):
    it = mpctl.Process('nowhere')
    for function in (it.is_alive, it.join, it.terminate, it.start, lambda: it.pid, lambda: it.exitcode):
        raises(ProcessLookupError, function)


@row('process', 'Process.start', 'the spec does not declare it', 'NotDeclared with the line to add',
     extra={'@other': {'command': ['true'], 'autostart': False}, '@starter': {'command': ['true'], 'uses': {'@other': 'start'}}})
def process_undeclared(n):
    error = raises(mpctl.NotDeclared, _other(n).start)
    assert f'add `uses: {{{n("other")}: start}}` to it' in str(error), error


def _parameters(function):
    return [(one.name, one.default, one.kind) for one in inspect.signature(function).parameters.values()]


@row('process', 'every method', 'its parameters', 'are those of multiprocessing, with the name of the spec for a function')
def module_signatures(n):
    same = [
        (mpctl.Semaphore, synchronize.Semaphore, 'get_value'),
        (mpctl.BoundedSemaphore, synchronize.BoundedSemaphore, 'get_value'),
        (mpctl.Event, synchronize.Event, 'is_set set clear wait'),
        (mpctl.Condition, synchronize.Condition, 'wait wait_for notify notify_all'),
        (mpctl.Barrier, synchronize.Barrier, 'wait abort reset'),
        (mpctl.Queue, queues.Queue,
         'put get put_nowait get_nowait qsize empty full close join_thread cancel_join_thread'),
        (mpctl.JoinableQueue, queues.JoinableQueue, 'put get task_done join'),
        (mpctl.SimpleQueue, queues.SimpleQueue, 'put get empty close'),
        (mpctl.Connection, connection.Connection, 'send recv poll close'),
        (mpctl.Pool, pool.Pool, 'map map_async imap imap_unordered close terminate join'),
        (mpctl.AsyncResult, pool.AsyncResult, 'get wait ready successful'),
        (mpctl.Process, multiprocessing.Process, 'start join terminate kill is_alive'),
    ]
    for ours, theirs, names in same:
        for name in names.split():
            # A priority is ours alone, and by its name only.
            own = [one for one in _parameters(getattr(ours, name)) if one[0] != 'priority']
            expected = [one for one in _parameters(getattr(theirs, name)) if one[0] != 'func']
            equal((ours, name, own), (ours, name, expected))
    in_c = [('acquire', [('block', True), ('timeout', None)]), ('release', [])]
    for ours in (mpctl.Lock, mpctl.RLock, mpctl.Semaphore, mpctl.BoundedSemaphore, mpctl.Condition):
        for name, expected in in_c:
            equal((ours, name, [one[:2] for one in _parameters(getattr(ours, name))][1:]), (ours, name, expected))
    callbacks = [('callback', None), ('error_callback', None)]
    equal([one[:2] for one in _parameters(mpctl.Pool.apply_async)][2:], callbacks)
    equal([one[0] for one in _parameters(mpctl.Barrier)], ['name', 'action', 'timeout'])
    equal([one[0] for one in _parameters(mpctl.Condition)], ['name', 'lock'])
    for name in ('active_children', 'current_process', 'cpu_count'):
        equal(_parameters(getattr(mpctl, name)), _parameters(getattr(multiprocessing, name)))


@row('process', 'python3 -m mpctl', 'inside a run, and outside', 'says what the worker is; exits with 69')
def module_says_who(n):
    # Found where the run has put it: nothing is installed, and this row's own path is not passed on.
    command = [sys.executable, '-m', 'mpctl']
    environment = dict(os.environ)
    inside = subprocess.run(command, env=environment, cwd='/', capture_output=True, text=True, timeout=DEADLINE)
    equal(inside.stdout, f'module_says_who of run {os.environ["MPCTL_RUN_ID"]}\n')
    equal(inside.returncode, 0)
    for name in ('MPCTL_SOCKET', 'MPCTL_AUTHKEY', 'MPCTL_PROCESS'):
        del environment[name]
    outside = subprocess.run(command, env=environment, cwd='/', capture_output=True, text=True, timeout=DEADLINE)
    equal(outside.returncode, 69)


@row('process', 'any call', 'with a wrong key, or without a run', 'AuthenticationError; NotInsideRun', locks={'lock': {}})
def client_wrong_key(n):
    key = os.environ['MPCTL_AUTHKEY']
    os.environ['MPCTL_AUTHKEY'] = key[:-1] + ('0' if key[-1] != '0' else '1')
    raises(multiprocessing.AuthenticationError, mpctl.Lock(n('lock')).acquire)
    del os.environ['MPCTL_AUTHKEY']
    raises(mpctl.NotInsideRun, mpctl.Lock(n('lock')).acquire)
    os.environ['MPCTL_AUTHKEY'] = key
    equal(mpctl.Lock(n('lock')).acquire(), True)


@row('process', 'any call', '`socket.setdefaulttimeout` is set', 'waits as long as it should', locks={'lock': {}},
     covers=['TestTimeouts.test_timeout'])
def client_default_timeout(n):
    socket.setdefaulttimeout(0.05)
    it = mpctl.Lock(n('lock'))
    it.acquire()
    result, seconds = took(it.acquire, True, 0.3)
    equal(result, False)
    at_least(0.3, seconds)


@row('process', 'connections', 'threads come and go, and hold what they took', 'few, and none is closed', locks={'lock': {}},
     semaphores={'permits': {'permits': 9, 'bounded': False}})
def client_connections(n):
    it = mpctl.Semaphore(n('permits'))
    for _ in range(5):
        equal(Task(it.acquire).result(), True)
    equal(it.get_value(), 4)
    assert len(mpctl._client.streams) <= 2, len(mpctl._client.streams)


@row('process', 'any call', 'from multiprocessing.Process', 'as the same instance', locks={'lock': {}}, queues={'queue': {}})
def client_of_multiprocessing(n):
    context = multiprocessing.get_context('fork')
    lock = mpctl.Lock(n('lock'))
    lock.acquire()
    children = [context.Process(target=_put_hundred, args=(n('queue'), number)) for number in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        equal(child.exitcode, 0)
    queue = mpctl.Queue(n('queue'))
    equal(sorted(queue.get(timeout=DEADLINE) for _ in range(200)), list(range(200)))
    lock.release()


def _put_hundred(name, number):
    for item in range(100):
        mpctl.Queue(name).put(100 * number + item)


@row('process', 'ready', 'the spec has no probe of that kind', 'None', extra={})
def client_ready(n):
    result, seconds = took(mpctl.ready)
    equal(result, None)
    at_once(seconds)
