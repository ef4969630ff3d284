"""Rows for Connection. Its two ends belong to two instances: the row and `other`."""

import os
import signal

from table import DEADLINE, Task, at_least, at_once, equal, mpctl, raises, row, took, until, waiting


def pipe_row(call, situation, outcome, other, covers=(), link=None, **needs):
    """A row with a pipe between it, which is `@` in `link`, and the party `other`."""

    def add(function):
        own = function.__name__
        ends = link or {'between': ['@', '@other']}
        named = {key: [own if end == '@' else end for end in value] if isinstance(value, list)
                 else own if value == '@' else value for key, value in ends.items()}
        return row('pipe', call, situation, outcome, covers=covers, parties={'other': (other, {})},
                   pipes={'link': named}, **needs)(function)

    return add


def _end(n):
    return mpctl.Pipe(n('link'))


def _echo(n):
    it = _end(n)
    for message in iter(it.recv, 'end'):
        it.send(message)
    it.close()


@pipe_row('Connection.send, recv', 'the peer echoes', 'each message as it was, in order; then EOFError', _echo,
          covers=['_TestConnection.test_connection'])
def pipe_echo(n):
    it = _end(n)
    for message in ([1, 2.25, None], 'hello world', 'hello world' * 10, {'a': [1]}, None, ''):
        equal(it.send(message), None)
        equal(it.recv(), message)
    message = 'X' * 900_000
    it.send(message)
    equal(it.recv() == message, True)
    it.send('end')
    raises(EOFError, it.recv)
    raises(EOFError, it.recv)


@pipe_row('Connection.poll', 'nothing there, then a message', 'False in its time; True as often as asked', _echo,
          covers=['_TestConnection.test_connection', '_TestPoll.test_empty_string'])
def pipe_poll(n):
    it = _end(n)
    for arguments in ((), (0,), (0.0,), (-1,)):
        result, seconds = took(it.poll, *arguments)
        equal(result, False)
        at_once(seconds)
    result, seconds = took(it.poll, 0.2)
    equal(result, False)
    at_least(0.2, seconds)
    it.send(None)
    equal(it.poll(DEADLINE), True)
    equal([it.poll(), it.poll(0.0), it.poll(1), it.poll(None)], [True] * 4)
    equal(it.recv(), None)
    equal(it.poll(), False)
    it.send('end')
    # The end of the stream can be received, too.
    equal(it.poll(None), True)
    raises(EOFError, it.recv)
    equal(it.poll(), True)


def _send_all(n):
    it = _end(n)
    for message in ('hello', '', 'a', 'b', '', 'bye', '', 'lop'):
        it.send(message)
    it.close()


@pipe_row('Connection.poll, recv', 'the peer sends eight messages and closes', 'each on its own, also empty ones', _send_all,
          covers=['_TestPoll.test_strings', '_TestPoll.test_dont_merge'])
def pipe_messages(n):
    it = _end(n)
    found = []
    for _ in range(8):
        until(lambda: it.poll(0.01))
        found.append(it.recv())
    equal(found, ['hello', '', 'a', 'b', '', 'bye', '', 'lop'])
    raises(EOFError, it.recv)


@pipe_row('Connection.poll', 'two messages are there', 'leaves both for recv', _send_all, covers=['_TestPoll.test_boundaries'])
def pipe_boundaries(n):
    it = _end(n)
    equal(it.poll(DEADLINE), True)
    equal([it.recv(), it.recv()], ['hello', ''])


@pipe_row('Connection.poll', 'True in a forked child', 'takes nothing: the parent receives it', _echo)
def pipe_poll_in_child(n):
    it = _end(n)
    it.send('message')
    child = os.fork()
    if child == 0:
        os._exit(0 if it.poll(DEADLINE) else 1)
    equal(os.waitpid(child, 0)[1], 0)
    equal(it.recv(), 'message')
    it.send('end')


def _send_one(n):
    it = _end(n)
    it.send(1)
    raises(OSError, it.recv)
    raises(OSError, it.poll)
    mpctl.Event(n('over')).wait()


@pipe_row('Connection.send, recv, poll', 'a simplex pipe', 'OSError in the wrong direction', _send_one,
          link={'from': '@other', 'to': '@'}, events={'over': {}}, covers=['_TestConnection.test_duplex_false'])
def pipe_simplex(n):
    it = _end(n)
    equal(it.recv(), 1)
    raises(OSError, it.send, 2)
    mpctl.Event(n('over')).set()


@pipe_row('Connection.close', 'right after a message was sent', 'the peer receives it, then EOFError',
          lambda n: (equal(_end(n).recv(), 'hello'), raises(EOFError, _end(n).recv), mpctl.Event(n('over')).set()),
          events={'over': {}}, covers=['_TestConnection.test_spawn_close'])
def pipe_send_and_close(n):
    it = _end(n)
    it.send('hello')
    it.close()
    equal(mpctl.Event(n('over')).wait(DEADLINE), True)


@pipe_row('with Connection', 'left', 'closed; send, recv and poll raise OSError', _echo, covers=['_TestConnection.test_context'])
def pipe_context(n):
    it = _end(n)
    with it as entered:
        assert entered is it
        it.send(1729)
        equal(it.recv(), 1729)
        equal(it.closed, False)
        it.send('end')
    equal(it.closed, True)
    equal(it.close(), None)
    raises(OSError, it.recv)
    raises(OSError, it.send, 1)
    raises(OSError, it.poll)


@pipe_row('Connection.send', 'the peer has closed its end', 'BrokenPipeError', lambda n: _end(n).close())
def pipe_broken(n):
    it = _end(n)
    raises(EOFError, it.recv)
    raises(BrokenPipeError, it.send, 1)


@pipe_row('Connection.recv', 'the peer was killed', 'what it had sent, then EOFError: no hang',
          lambda n: (_end(n).send('last words'), os._exit(0)))
def pipe_peer_ended(n):
    it = _end(n)
    equal(it.recv(), 'last words')
    raises(EOFError, it.recv)
    raises(BrokenPipeError, it.send, 1)


def _drain(n):
    mpctl.Event(n('go')).wait()
    it = _end(n)
    equal([it.recv() for _ in range(3)], [0, 1, 2])


@pipe_row('Connection.send', 'the pipe is full', 'waits until the peer receives', _drain, events={'go': {}},
          link={'between': ['@', '@other'], 'capacity': 2})
def pipe_full(n):
    it = _end(n)
    it.send(0)
    it.send(1)
    task = Task(it.send, 2)
    assert not task.is_over
    mpctl.Event(n('go')).set()
    equal(task.result(), None)


@pipe_row('Connection.poll(timeout)', 'a signal is handled meanwhile', 'goes on, and True when a message comes', _echo,
          covers=['_TestPollEintr.test_poll_eintr'])
def pipe_poll_signal(n):
    it = _end(n)
    handled = []

    def handle(*_):
        handled.append(True)
        it.send('message')

    signal.signal(signal.SIGUSR1, handle)
    task = Task(os.kill, os.getpid(), signal.SIGUSR1)
    equal(it.poll(DEADLINE), True)
    task.result()
    equal([handled, it.recv()], [[True], 'message'])
    it.send('end')


@pipe_row('Connection.recv', 'signals are handled meanwhile', 'goes on waiting, and gives the message', _echo,
          covers=['TestIgnoreEINTR.test_ignore'])
def pipe_recv_signal(n):
    it = _end(n)
    handled = []
    signal.signal(signal.SIGUSR1, lambda *_: handled.append(True))

    def interrupt():
        for count in range(1, 4):
            # This end, and the peer at its own.
            until(lambda: waiting('pipe', it.name) == 2)
            os.kill(os.getpid(), signal.SIGUSR1)
            until(lambda: len(handled) == count)
        it.send('message')

    task = Task(interrupt)
    equal(it.recv(), 'message')
    task.result()
    equal(handled, [True] * 3)
    it.send('end')
