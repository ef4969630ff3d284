"""Python's multiprocessing vocabulary inside a run of mpctl.

A program that mpctl started finds its run through its environment; nothing has to be installed or
configured. What `multiprocessing` makes anonymous has a name here, that of the spec::

    import mpctl

    with mpctl.Lock('file'):
        mpctl.Queue('work').put({'path': 'a.txt'})

Names, arguments, return values and exceptions are those of `multiprocessing`. Three things differ,
because other programs, in any language, share these objects:

- Items, messages and values are JSON: `None`, booleans, numbers, strings, lists and dicts. Tuples
  arrive as lists and keys as strings. What is no JSON is refused by the call that brings it.
- A wait that can no longer come true raises (`EndOfStream`, `Impossible`, `Deadlock`, a broken
  barrier) where `multiprocessing` would hang.
- What a process holds when it ends is released, and the next holder finds `owner_died` set.

Every object may be used from many threads, and after `os.fork`: each thread has its own connection,
and a forked child makes its own. Needs Python 3.9 or later and nothing but its standard library.
"""

from __future__ import annotations

import atexit
import collections
import collections.abc
import io
import json
import math
import mmap
import multiprocessing
import os
import re
import reprlib
import select
import socket
import sys
import threading
import time
from _thread import _count as _count_begun, allocate_lock as _allocate_lock, start_new_thread
from itertools import chain, count, islice, repeat, starmap
from operator import itemgetter, length_hint, methodcaller
from queue import Empty, Full
from threading import BrokenBarrierError
from typing import Any, Callable, Iterable, Iterator, NoReturn

__all__ = [
    'Lock', 'RLock', 'Semaphore', 'BoundedSemaphore', 'Event', 'Condition', 'Barrier',
    'Queue', 'JoinableQueue', 'SimpleQueue', 'Pipe', 'Connection', 'Value', 'Pool', 'AsyncResult',
    'Process', 'active_children', 'current_process', 'cpu_count', 'ready', 'serve', 'shutdown',
    'Error', 'NotInsideRun', 'ConnectionLost', 'AuthenticationError', 'NotFound', 'NoSuchProcess',
    'NotDeclared', 'NotOwner', 'ReleasedTooOften', 'NotHeld', 'Closed', 'EndOfStream', 'Broken',
    'Impossible', 'Refused', 'TooManyTasksDone', 'AlreadyStarted', 'Cancelled', 'Deadlock', 'Ended',
    'TooLarge', 'ProtocolError', 'TaskFailed', 'TimeoutError', 'Full', 'Empty', 'BrokenBarrierError',
]


# ---------------------------------------------------------------------------------------------
# What can go wrong
# ---------------------------------------------------------------------------------------------


class Error(Exception):
    """Base of every exception of mpctl itself. `kind` is the stable name that the run gave."""

    kind: str | None = None
    # Of items that were put together: how many of them, from the first on, were put all the same.
    put: int = 0


class NotInsideRun(Error, RuntimeError):
    """This program was not started by mpctl."""


class ConnectionLost(Error, ConnectionError):
    """The run has ended, or its socket cannot be reached."""


class AuthenticationError(Error, multiprocessing.AuthenticationError):
    """The run does not know the key of this program."""


class NotFound(Error, LookupError):
    """The spec has nothing of that name and kind."""


class NoSuchProcess(NotFound, ProcessLookupError):
    """The spec has no process or instance of that name."""


class NotDeclared(Error, PermissionError):
    """The spec does not say that this process does that; the message shows the line to add."""


class NotOwner(Error):
    """What is to be released, waited on, notified, sent or received is not the caller's."""


class ReleasedTooOften(NotOwner, ValueError):
    """A release without a hold, as `multiprocessing` refuses it for locks and semaphores."""


class NotHeld(NotOwner, AssertionError):
    """A reentrant lock or a condition is used by a thread that does not hold it."""


class Closed(Error, ValueError):
    """This side has closed it before."""


class EndOfStream(Error, EOFError):
    """Nothing is left, and nobody can still put or send."""


class Broken(Error, BrokenPipeError):
    """Nobody can still get or receive."""


class Impossible(Error, RuntimeError):
    """The wait can no longer come true."""


class Refused(Error, RuntimeError):
    """It cannot be done in this state; the message says why."""


class TooManyTasksDone(Refused, ValueError):
    """`task_done` without an item in hand."""


class AlreadyStarted(Refused, AssertionError):
    """The process is alive and cannot be started a second time."""


class Cancelled(Error):
    """The wait was called off because this process is being ended."""


class Deadlock(Error, RuntimeError):
    """The caller would wait for itself for ever."""


class Ended(Error, RuntimeError):
    """This process, or the run, has ended for the run's books."""


class TooLarge(Error, ValueError):
    """One message is larger than a run takes."""


class ProtocolError(Error):
    """The run and this file do not understand each other."""


class TaskFailed(Error):
    """A task of a pool did not succeed. `fate` is what became of it, `why` says more."""

    def __init__(self, task: int, fate: str, why: Any) -> None:
        super().__init__(f'task {task}: {fate}' if why is None else f'task {task}: {fate}: {why}')
        self.task = task
        self.fate = fate
        self.why = why


class TimeoutError(Error, multiprocessing.TimeoutError):  # noqa: A001 - the name that multiprocessing gives it
    """The time of a wait is over; also a `multiprocessing.TimeoutError`."""


class _Full(Error, Full):
    pass


class _Empty(Error, Empty):
    pass


class _BrokenBarrier(Error, BrokenBarrierError):
    pass


_exceptions: dict[str, type[Error]] = {
    'unauthorized': AuthenticationError,
    'not_found': NotFound,
    'not_declared': NotDeclared,
    'would_block': TimeoutError,
    'timed_out': TimeoutError,
    'full': _Full,
    'empty': _Empty,
    'end_of_stream': EndOfStream,
    'broken': Broken,
    'impossible': Impossible,
    'not_owner': NotOwner,
    'closed': Closed,
    'refused': Refused,
    'cancelled': Cancelled,
    'deadlock': Deadlock,
    'ended': Ended,
    'too_large': TooLarge,
}


def _exception(error: Any) -> Error:
    """The exception for a refusal as it came over the wire."""
    data = error.get('data') or {}
    kind = data.get('kind') or error.get('kind')
    exception = _exceptions.get(kind, ProtocolError)(error.get('message', 'refused'))
    exception.kind = kind
    exception.put = data.get('put') or 0
    return exception


def _instead(wanted: type[Error], refusal: Error) -> Error:
    """The same refusal as the exception that multiprocessing has for it in this place."""
    exception = wanted(str(refusal))
    exception.kind = refusal.kind
    exception.put = refusal.put
    return exception


# ---------------------------------------------------------------------------------------------
# JSON
# ---------------------------------------------------------------------------------------------

_encode = json.JSONEncoder(separators=(',', ':'), allow_nan=False).encode
_decode = json.JSONDecoder().decode
_largest_integer = 2**53 - 1
_many_digits = re.compile(r'\d{16}')
# So many lists and objects within each other the run takes in any case, with what is around them in a frame.
_certain_depth = 900


def _to_json(item: Any, into: Queue | Connection | Value | Pool) -> str:
    """JSON text, all ASCII. Raises TypeError, ValueError or OverflowError for what is no JSON."""
    if type(item) is int and -_largest_integer <= item <= _largest_integer:
        return repr(item)
    try:
        if type(item) is int:
            _refuse_large_integers(item)
        text = _encode(item)
        if _many_digits.search(text) is not None:
            _refuse_large_integers(item)
    except (TypeError, ValueError, OverflowError) as error:
        kind = next(one for one in (TypeError, OverflowError, ValueError) if isinstance(error, one))
        taker = f'{type(into).__name__} {into.name}'
        raise kind(f'{taker} takes only what is JSON, and not {_shortened(item)}: {error}') from None
    return text


def _shortened(item: Any) -> str:
    """What to call an item in a message, however long it is."""
    try:
        return reprlib.repr(item)
    except ValueError:
        # Python writes out no integer of thousands of digits.
        return f'an integer of {item.bit_length()} bits' if isinstance(item, int) else f'this {type(item).__name__}'


def _may_be_too_deep(item: str) -> bool:
    """Whether the run could refuse JSON text as nested too deeply, which then has to be told of this very item."""
    return len(item) > 2 * _certain_depth and item.count('[') + item.count('{') > _certain_depth


def _refuse_large_integers(item: Any) -> None:
    """A larger integer would arrive as another one: most readers of JSON have 64-bit floats."""
    if isinstance(item, int) and not -_largest_integer <= item <= _largest_integer:
        raise OverflowError(f'{_shortened(item)} is beyond 2**53 - 1 and would not survive JSON: pass it as a string')
    if isinstance(item, dict):
        for value in item.values():
            _refuse_large_integers(value)
    elif isinstance(item, (list, tuple)):
        for value in item:
            _refuse_large_integers(value)


def _number_of_the_run(text: str) -> int | float:
    """A number as it arrives where the run has read and written it: it knows no float beside an integer."""
    number = float(text)
    if not number.is_integer() or abs(number) >= 1e21:
        return number
    mantissa, _, exponent = repr(number).partition('e+')
    whole, _, fraction = mantissa.partition('.')
    # With an exponent these are all digits that tell it from its neighbours; zeros follow.
    return int(whole + fraction) * 10 ** (int(exponent) - len(fraction)) if exponent else int(whole)


_read_direct = json.JSONDecoder(parse_float=_number_of_the_run).raw_decode


def _seconds(timeout: float) -> float:
    """A timeout as a float: other numbers have other ways to be written. Raises what CPython raises for what is none."""
    try:
        is_number = not math.isnan(timeout)
    except TypeError:
        raise TypeError(f'timeout must be real number, not {type(timeout).__name__}') from None
    except OverflowError:
        raise OverflowError('timeout value is too large') from None
    if not is_number:
        raise ValueError('timeout: Invalid value NaN (not a number)')
    return float(timeout)


def _milliseconds(block: bool, timeout: float | None) -> float | None:
    """What `block` and `timeout` of multiprocessing are in the protocol; None waits without limit."""
    milliseconds = None if timeout is None else max(0.0, _seconds(timeout) * 1000)
    if not block:
        return 0
    return None if milliseconds is None or math.isinf(milliseconds) else milliseconds


def _with_timeout(params: str, timeout_ms: float | None) -> str:
    return params if timeout_ms is None else f'{params[:-1]},"timeout_ms":{timeout_ms!r}}}'


# ---------------------------------------------------------------------------------------------
# Connections
# ---------------------------------------------------------------------------------------------

_default_max_frame_bytes = 1024 * 1024
# So many gets in quick succession make it worth while to borrow.
_gets_before_loan = 16
# Every so many puts into a queue, one waits for its answer, which tells of the others, too.
_puts_per_answer = 1024
# Puts that follow each other within so many seconds go out together.
_quick_put = 0.001
# For `starmap`: one call of a function, without arguments. A handler of a signal may raise between any two steps of
# Python, but not within one call into C: `kept.extend(starmap(take, _once))` takes and keeps, or does neither.
_once = ((),)


class _Stream:
    """One upgraded connection. Used by one thread at a time."""

    __slots__ = (
        'socket', 'pieces', 'last_id', 'is_busy', 'is_lost', 'is_confirmed', 'late', 'sending',
        'is_torn', 'was_torn', 'max_frame_bytes', 'readable', 'ahead', 'sends', 'watched_pipes', 'ended_pipes',
    )

    def __init__(self) -> None:
        # What came and was not used yet, cut somehow: each step cuts it anew or takes the first line off,
        # so that a signal handler that raises between two of them loses none of it.
        self.pieces: list[bytes] = []
        self.last_id = 0
        self.is_busy = False
        self.is_lost = False
        # Whether everything that was sent has been taken.
        self.is_confirmed = True
        # The feeder sends from a thread of its own. Reentrant for the sake of signal handlers.
        self.sending = threading.RLock()
        # Pipes whose other end was open when they were looked at, by whether they are unbounded, and those
        # whose other end has closed.
        self.watched_pipes: dict[str, bool] = {}
        self.ended_pipes: set[str] = set()
        # Whether the last frame may have gone out in part, and whether one ever may.
        self.is_torn = False
        self.was_torn = False
        # What to do with answers that nobody waits for any more, and whether it may be done again, where something
        # interrupts it.
        self.late: dict[int, tuple[Callable[[Any], None] | None, bool]] = {}
        # The run says how large a frame may be.
        self.max_frame_bytes = _default_max_frame_bytes
        # Messages of pipes that come before they are asked for.
        self.ahead: dict[str, _Ahead] = {}
        # How often this thread sends into which pipe.
        self.sends: dict[str, _Sends] = {}
        self.socket = self._connect()
        self.readable = select.poll()
        self.readable.register(self.socket, select.POLLIN)

    def _connect(self) -> socket.socket:
        address, key = os.environ.get('MPCTL_SOCKET'), os.environ.get('MPCTL_AUTHKEY')
        if not address or not key:
            missing = [name for name, value in (('MPCTL_SOCKET', address), ('MPCTL_AUTHKEY', key)) if not value]
            verb = 'are' if len(missing) > 1 else 'is'
            raise NotInsideRun(f'this program was not started by mpctl: {" and ".join(missing)} {verb} not set')
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Whatever the program has made the default of its sockets.
        connection.settimeout(None)
        try:
            connection.connect(address)
            connection.sendall(
                (
                    'GET /v1/stream HTTP/1.1\r\nHost: mpctl\r\nConnection: Upgrade\r\nUpgrade: mpctl\r\n'
                    f'Authorization: Bearer {key}\r\nMpctl-Pid: {os.getpid()}\r\n\r\n'
                ).encode()
            )
            head = b''
            while b'\r\n\r\n' not in head:
                head += self._some(connection)
            head, _, rest = head.partition(b'\r\n\r\n')
            if not head.startswith(b'HTTP/1.1 101 '):
                raise self._refusal(connection, head, rest)
            if rest:
                self.pieces.append(rest)
            limit = re.search(rb'(?i)\r\nmpctl-max-frame: *(\d+)', head)
            if limit is not None:
                self.max_frame_bytes = int(limit.group(1))
        except OSError as error:
            connection.close()
            raise error if isinstance(error, Error) else ConnectionLost(f'the run cannot be reached: {error}') from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, connection: socket.socket, head: bytes, body: bytes) -> Error:
        length = re.search(rb'(?i)\r\ncontent-length: *(\d+)', head)
        while length is not None and len(body) < int(length.group(1)):
            body += self._some(connection)
        try:
            return _exception(_decode(body.decode())['error'])
        except (ValueError, LookupError, AttributeError):
            return ProtocolError(f'the run answered {head[:80]!r}')

    @staticmethod
    def _some(connection: socket.socket) -> bytes:
        data = connection.recv(65536)
        if not data:
            raise ConnectionLost('the run has closed the connection')
        return data

    def tell(self, frame: str) -> None:
        """Sends one frame. A frame that is too large is refused here: the run would close the connection."""
        if len(frame) > self.max_frame_bytes:
            raise TooLarge(f'a message of {len(frame)} bytes is larger than {self.max_frame_bytes}')
        self.send(frame.encode('ascii'))

    def send(self, frame: bytes) -> None:
        try:
            with self.sending:
                if self.is_torn:
                    # Something has interrupted the frame before: this ends what there is of it.
                    self.was_torn = True
                    frame = b'\n' + frame
                self.is_torn = True
                self.socket.sendall(frame)
                self.is_torn = False
        except OSError as error:
            self.is_lost = True
            raise ConnectionLost(f'the run has ended: {error}') from error

    def ask(self, thread: int, method: str, params: str) -> int:
        """Sends a request and returns its id."""
        self.last_id = number = self.last_id + 1
        self.tell(f'{{"jsonrpc":"2.0","id":{number},"thread":{thread},"method":"{method}","params":{params}}}\n')
        return number

    def call(
        self,
        thread: int,
        method: str,
        params: str,
        late: Callable[[Any], None] | None,
        took: Callable[[Any], None] | None = None,
    ) -> Any:
        """Asks and waits. Where an exception ends the wait, such as Ctrl-C, the request is called off as well.

        `late` is called with what comes all the same, `took` with whatever comes, perhaps twice.
        """
        self.is_busy = True
        # Of this request alone, even where it is interrupted before it is sent: the answer to what calls it off is another.
        self.last_id = number = self.last_id + 1
        try:
            # With this the run can tell a program that waits for ever from one that still computes. Threading's
            # own count takes a lock, which a signal handler could find taken by what it has interrupted, and
            # `sys._current_frames` hangs where it makes the garbage collector free a `threading.local`.
            threads = _count_begun() - _begun_before_fork + 1
            self.tell(f'{{"jsonrpc":"2.0","id":{number},"thread":{thread},"threads":{threads},"method":"{method}","params":{params}}}\n')
            return self.answer_to(number, took)
        except Error:
            raise
        except BaseException:
            # No call before this: signal handlers run between calls, and another one may raise.
            self.late[number] = (took or late, took is not None)
            self._call_off(number)
            raise
        finally:
            self.is_busy = False

    def answer_to(self, wanted: int, took: Callable[[Any], None] | None = None) -> Any:
        """Waits for one answer; those to what was called off are noted on the way. An answer stays where it is
        until all is done with it: where something interrupts that, it is found again."""
        pieces = self.pieces
        while True:
            while not self.has_line():
                self._receive()
            answer = _decode(pieces[0].decode())
            number = answer.get('id')
            if number == wanted:
                break
            if number is not None:
                self._note(number, answer)
            elif 'method' in answer:
                self.hear(answer)
            elif not self.was_torn or answer['error']['data']['kind'] != 'parse_error':
                break
            del pieces[0]
        # An answer to the last request says that what was sent before it has been taken, too.
        if wanted == self.last_id:
            self.is_confirmed = True
        error = answer.get('error')
        if error is not None:
            del pieces[0]
            raise _exception(error)
        result = answer.get('result')
        if took is not None:
            took(result)
        del pieces[0]
        return result

    def read(self) -> dict[str, Any]:
        """The next answer, whatever it answers."""
        while not self.has_line():
            self._receive()
        line = self.pieces.pop(0)
        return _decode(line.decode())

    def has_line(self) -> bool:
        """Whether the first piece is a line, and no more than one."""
        pieces = self.pieces
        if not pieces:
            return False
        first = pieces[0]
        end = first.find(b'\n') + 1
        if end == len(first) > 0:
            return True
        if end == 0 and b'\n' not in pieces[-1]:
            return False
        pieces[:] = b''.join(pieces).splitlines(True)
        return pieces[0].endswith(b'\n')

    def _receive(self, flags: int = 0) -> None:
        """Waits for more. Raises BlockingIOError where `flags` say not to wait."""
        pieces = self.pieces
        try:
            pieces.extend(map(self.socket.recv, (65536,), (flags,)))
        except BlockingIOError:
            raise
        except OSError as error:
            self.is_lost = True
            raise ConnectionLost(f'the run has ended: {error}') from error
        if not pieces[-1]:
            self.is_lost = True
            raise ConnectionLost('the run has ended')

    def hear(self, frame: dict[str, Any]) -> None:
        """Something that nobody asked for: a message of a pipe, or that its other end has closed."""
        method = frame.get('method')
        if method == 'pipe.message':
            params = frame['params']
            self.ahead[params['name']].hear(params['number'], params['item'])
        elif method == 'pipe.direct':
            params = frame['params']
            self.ahead[params['name']].hear_inlet(self, params['path'], params['bell'])
        elif method == 'pipe.ended':
            self.ended_pipes.add(frame['params']['name'])

    def hear_what_is_there(self) -> None:
        """Reads what has come without being asked for, and waits for nothing."""
        if not self.readable.poll(0):
            return
        try:
            self._receive(socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        self.hear_lines()

    def hear_lines(self) -> None:
        while self.has_line():
            frame = _decode(self.pieces[0].decode())
            if 'method' in frame:
                self.hear(frame)
            else:
                self._note(frame.get('id'), frame)
            del self.pieces[0]

    def _note(self, number: int, answer: dict[str, Any]) -> None:
        late, is_repeatable = self.late.get(number, (None, False))
        if not is_repeatable:
            self.late.pop(number, None)
        if late is not None and 'error' not in answer:
            late(answer.get('result'))
        self.late.pop(number, None)

    def _call_off(self, number: int) -> None:
        try:
            self._cancel(number)
        except BaseException:
            # Interrupted once more: whatever still comes is noted by the next call.
            pass

    def _cancel(self, number: int) -> None:
        """The answer to this comes after that to the request, which is noted."""
        self.answer_to(self.ask(0, 'cancel', f'{{"id":{number}}}'))
        self.late.pop(number, None)

    def settle(self) -> None:
        """Where something has interrupted a call-off as well, it is done again: what comes of what was called off
        is noted before anything that is asked now."""
        if self.is_busy:
            return
        self.is_busy = True
        try:
            for number in [number for number, (late, _) in self.late.items() if late is not None]:
                self._cancel(number)
        finally:
            self.is_busy = False

    def confirm(self, thread: int) -> None:
        """Waits until every put of this connection has been taken."""
        if not self.is_confirmed and not self.is_lost:
            self.call(thread, 'cancel', '{"id":0}', None)


class _Ahead:
    """Messages of one pipe that one thread is sent before it asks. They are the pipe's until they are taken,
    which is written to a file: whoever else receives at this end, and whoever comes after the death of this
    process, gets what is left. As with a lock that is left to its holder, to write the own word first and to
    read the run's then is what keeps the two apart."""

    __slots__ = ('thread', 'is_on', '_window', '_inlet', '_file', '_written', '_most', '_receipts', '_counted_since')

    # So many receipts in quick succession, in seconds, make it worth while.
    _least, _quick = 16, 0.002
    # So long a receipt waits for the next: longer than a system that has much to do lets a sender wait for its turn.
    patience_ms = 20

    def __init__(self, thread: int) -> None:
        self.thread = thread
        self.is_on = False
        # What has come since the run began to send it, and what of it is not taken.
        self._window = _messages_and_rest()
        # From where messages come after those, without the run.
        self._inlet: _Inlet | None = None
        self._file = -1
        # How many are taken, as the run knows it.
        self._written = 0
        self._most = 0
        self._receipts = 0
        self._counted_since = 0.0

    def receives_often(self) -> bool:
        now = time.monotonic()
        if self._receipts % self._least == 0:
            is_often = self._receipts > 0 and now - self._counted_since < self._least * self._quick
            self._counted_since = now
            if is_often:
                return True
        self._receipts += 1
        return False

    def open(self, name: str) -> bool:
        """Whether messages can come ahead."""
        if self._file >= 0:
            return True
        try:
            answer = _client.call('pipe.ahead', _name_params(name))
            self._most = answer['most']
            self._file = os.open(answer['path'], os.O_RDWR)
        except (Refused, OSError):
            # The pipe has a capacity, or the folder of the run is not to be seen from here.
            self._receipts = 1
            return False
        return True

    def begin(self) -> None:
        """What came before is the pipe's again."""
        self._written = 0
        self._inlet = None
        self._window = _messages_and_rest()
        self.is_on = True

    def stop(self, is_slow: bool) -> None:
        self.is_on = False
        if is_slow:
            self._receipts = 1

    @property
    def is_between(self) -> bool:
        """Whether something has come between writing that the next one is taken and taking it."""
        return self._written > self._taken() or (self._inlet is not None and self._inlet.is_between)

    def hear(self, number: int, item: Any) -> None:
        """A message has come; heard again where something interrupts it. What comes where nothing is expected
        stays the pipe's."""
        messages, _ = self._window
        if self.is_on and number == len(messages) + 1:
            messages.append(item)

    def hear_inlet(self, stream: _Stream, path: str, bell: str) -> None:
        """What comes next comes through a file; heard again where something interrupts it."""
        if not self.is_on:
            return
        try:
            self._inlet = _Inlet(stream, path, bell)
        except OSError:
            # It was called off before, or the folder of the run is not to be seen from here.
            self.is_on = False

    def wait(self, stream: _Stream, name: str) -> bool:
        """Waits a little; whether there is something to take."""
        # What was taken and not handed on is among these: nothing comes in between before it is.
        if self._is_left() or (self._inlet is not None and self._inlet.has_read()):
            return True
        try:
            stream.hear_lines()
            while not self._is_left():
                if self._inlet is not None:
                    if not self._inlet.wait():
                        self.stop(is_slow=not self._inlet.is_called_off)
                    return self.is_on
                if self._taken() == self._most:
                    self.stop(is_slow=False)
                    return False
                if name in stream.ended_pipes or not stream.readable.poll(self.patience_ms):
                    self.stop(is_slow=True)
                    return False
                stream.hear_what_is_there()
        except BaseException:
            # Whoever is interrupted here again and again would never come to ask.
            self.stop(is_slow=False)
            raise
        return True

    def is_there(self, stream: _Stream) -> bool:
        """Whether a message has come that is still there to be taken."""
        stream.hear_lines()
        stream.hear_what_is_there()
        if self._is_left():
            return os.pread(self._file, 1, 8) == b'\0'
        return self._inlet is not None and self._inlet.is_there

    def take(self, stream: _Stream, thread: int, hand: list[Any] | collections.deque[Any]) -> None:
        """Takes the next one into the hand, or nothing where the run has it back."""
        if self._inlet is not None and not self._is_left():
            if not self._inlet.take(thread, hand):
                self.stop(is_slow=False)
            return
        taken = self._taken() + 1
        # Who is interrupted from here on writes the same again.
        self._written = taken
        os.pwrite(self._file, taken.to_bytes(8, 'little'), 0)
        if os.pread(self._file, 1, 8) != b'\0':
            # With any answer the run is done with it, and says how many it takes for taken.
            stream.call(thread, 'cancel', '{"id":0}', None)
            self.stop(is_slow=False)
            if int.from_bytes(os.pread(self._file, 8, 16), 'little') < taken:
                self._written = 0
                return
        hand.extend(islice(self._window[1], 1))

    def _is_left(self) -> bool:
        return length_hint(self._window[1]) > 0

    def _taken(self) -> int:
        messages, rest = self._window
        return len(messages) - length_hint(rest)


def _messages_and_rest() -> tuple[list[Any], Iterator[Any]]:
    messages: list[Any] = []
    return messages, iter(messages)


class _Bell:
    """Wakes one thread; as `threading.Event`, but every step is a single call, which no signal handler divides."""

    __slots__ = ('_silence',)

    def __init__(self) -> None:
        self._silence = threading.Lock()
        self._silence.acquire()

    def ring(self) -> None:
        try:
            self._silence.release()
        except RuntimeError:
            # It rings already.
            pass

    def wait(self) -> None:
        self._silence.acquire()


class _Spool:
    """What was put into one queue and is not sent yet, in a file that the run reads when this process has
    died: nothing that was put is lost, however the process ends."""

    __slots__ = ('_file', '_header', '_head', '_batch', '_end', '_most', '_frame')

    def __init__(self, path: str, thread: int, params: str, max_frame_bytes: int) -> None:
        with open(path, 'r+b') as file:
            self._file = mmap.mmap(file.fileno(), 0)
        # Which batch it is, and how many bytes: one number, so that both change at once.
        self._header = memoryview(self._file)[:8].cast('Q')
        self._head = f'{{"jsonrpc":"2.0","thread":{thread},"method":"queue.put","params":{params[:-1]},"batch":'.encode()
        self._batch = 1
        self._end = 8
        # Half of what may be sent, the number of the batch and the names included.
        self._most = (min(len(self._file), max_frame_bytes - len(self._head) - 64)) // 2
        # The batch as it is sent, with its number; where that was interrupted it is sent again, and the run takes
        # it once.
        self._frame: tuple[int, bytes] | None = None
        self._header[0] = self._batch << 32

    @property
    def is_empty(self) -> bool:
        return self._end == 8 and self._frame is None

    @property
    def is_full(self) -> bool:
        return self._end > self._most

    @property
    def is_being_sent(self) -> bool:
        return self._frame is not None

    def fits(self, item: str) -> bool:
        return len(item) < self._most

    def add(self, item: str) -> None:
        data = item.encode('ascii') if self._end == 8 else b',' + item.encode('ascii')
        end = self._end + len(data)
        self._file[self._end : end] = data
        self._end = end
        self._header[0] = (self._batch << 32) | (end - 8)

    def send(self, stream: _Stream) -> None:
        if self._frame is None:
            frame = b'%b%d,"items":[%b]}}\n' % (self._head, self._batch, self._file[8 : self._end])
            self._frame = (self._batch, frame)
        batch, frame = self._frame
        stream.send(frame)
        # Wherever this is interrupted, it comes to the same when it is done again.
        self._header[0] = (batch + 1) << 32
        self._end = 8
        self._batch = batch + 1
        self._frame = None


# Of these processors every locked instruction is a full barrier, and they keep the order of stores anyway.
_is_x86 = os.uname().machine in ('x86_64', 'i386', 'i486', 'i586', 'i686')


def _barrier(file: int, place: int) -> None:
    """What this process has stored in mapped memory is seen by others before it loads what comes after this."""
    if _is_x86:
        # One that nobody else has: taking it is one locked instruction, whatever it interrupts.
        _allocate_lock().acquire()
    else:
        # The system orders what it does to a page.
        os.pwrite(file, b'\0', place)


class _Channel:
    """A file through which one thread sends messages to another, without the run, until that calls it off
    (docs/protocol.md, "Messages without the run"). Each of the three writes first how far it is and then reads
    what the others have written: so whoever comes second sees the other. Of its own steps none is lost or done
    twice where a signal handler raises: each begins from what stands in the file."""

    __slots__ = ('words', '_file', '_bell', '_mapped', '_size')

    # Words of 8 bytes: how many bytes were sent and taken, whether the receiver sleeps, whether the run has called it
    # off and which of the bytes count as sent and as taken then; and one for `_barrier`.
    sent, taken, sleeps, state, counted_as_sent, counted_as_taken = range(6)
    _scratch = 48
    _start = 64
    _decided = 2

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR)
        self._mapped = mmap.mmap(self._file, 0)
        self.words = memoryview(self._mapped)[: self._start].cast('Q')
        self._size = len(self._mapped) - self._start

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        for descriptor in (getattr(self, '_file', -1), getattr(self, '_bell', -1)):
            if descriptor >= 0:
                close(descriptor)

    def barrier(self) -> None:
        _barrier(self._file, self._scratch)

    def store_barrier(self) -> None:
        """What was stored or loaded before this comes before what is stored or loaded after it."""
        if not _is_x86:
            self.barrier()

    def load(self, start: int, end: int) -> bytes:
        at, stop = self._start + start % self._size, self._start + end % self._size
        return self._mapped[at:stop] if at < stop else self._mapped[at:] + self._mapped[self._start : stop]

    def store(self, start: int, data: bytes) -> None:
        at = self._start + start % self._size
        rest = len(self._mapped) - at
        if len(data) <= rest:
            self._mapped[at : at + len(data)] = data
        else:
            self._mapped[at:] = data[:rest]
            self._mapped[self._start : self._start + len(data) - rest] = data[rest:]

    def counts(self, place: int, count: int, stream: _Stream, thread: int) -> bool:
        """It is called off: whether so much counts as sent, or as taken."""
        if self.words[self.state] != self._decided:
            # The run does all of it in one turn: with any answer it is done with it.
            stream.call(thread, 'cancel', '{"id":0}', None)
        return self.words[place] >= count


class _Outlet(_Channel):
    """For the thread that sends."""

    __slots__ = ('_limit', '_bell_path')

    def __init__(self, path: str, bell: str) -> None:
        super().__init__(path)
        self._limit = self._size
        self._bell_path = bell
        self._bell = -1

    def put(self, item: str, stream: _Stream, thread: int) -> bool:
        """Sends one message; False where it has to go by the run."""
        words = self.words
        data = f'{item}\n'.encode('ascii')
        start = words[self.sent]
        end = start + len(data)
        if end > self._limit and not self._has_room(end):
            return False
        self.store(start, data)
        self.store_barrier()
        # From this step on it is sent.
        words[self.sent] = end
        self.barrier()
        if words[self.state]:
            return self.counts(self.counted_as_sent, end, stream, thread)
        if words[self.sleeps]:
            words[self.sleeps] = 0
            self._ring()
        return True

    def _has_room(self, end: int) -> bool:
        limit = self.words[self.taken] + self._size
        self.store_barrier()
        # From when it is called off, what the receiver says it has taken may be the pipe's.
        if end > limit or self.words[self.state]:
            return False
        self._limit = limit
        return True

    def _ring(self) -> None:
        """Where it cannot be done, the receiver wakes by itself soon."""
        try:
            if self._bell < 0:
                # For reading as well: then it is no error that the receiver is gone.
                self._bell = os.open(self._bell_path, os.O_RDWR | os.O_NONBLOCK)
            os.write(self._bell, b'\0')
        except OSError:
            pass


class _Inlet(_Channel):
    """For the thread that receives."""

    __slots__ = ('_window', '_stream', '_readable')

    # So many bytes are read together: whoever is interrupted meanwhile, again and again, still gets to the end of it.
    _at_once = 1024

    def __init__(self, stream: _Stream, path: str, bell: str) -> None:
        super().__init__(path)
        self._stream = stream
        # What was read, up to which byte each one goes, and what of it is not taken.
        self._window: tuple[list[Any], list[int], Iterator[Any]] = ([], [0], iter(()))
        try:
            os.mkfifo(bell, 0o600)
        except FileExistsError:
            # It was made for another file before.
            pass
        self._bell = os.open(bell, os.O_RDWR | os.O_NONBLOCK)
        self._readable = select.poll()
        self._readable.register(self._bell, select.POLLIN)
        self._readable.register(stream.socket, select.POLLIN)

    @property
    def is_called_off(self) -> bool:
        return self.words[self.state] != 0

    @property
    def is_between(self) -> bool:
        return self.words[self.taken] > self._taken()

    @property
    def is_there(self) -> bool:
        """Whether a message is there to be taken."""
        return self.has_read() and not self.is_called_off

    def wait(self) -> bool:
        """Waits a little; whether there is something to take."""
        words = self.words
        while not self.has_read():
            if words[self.state]:
                return False
            words[self.sleeps] = 1
            self.barrier()
            if words[self.sent] != self._taken():
                words[self.sleeps] = 0
                return self.has_read()
            if words[self.state]:
                return False
            came = self._readable.poll(_Ahead.patience_ms)
            if not came:
                return False
            words[self.sleeps] = 0
            for descriptor, _ in came:
                if descriptor == self._bell:
                    os.read(descriptor, 64)
                else:
                    self._stream.hear_what_is_there()
        return True

    def take(self, thread: int, hand: list[Any] | collections.deque[Any]) -> bool:
        """Takes the next one into the hand; False where it is called off."""
        messages, ends, rest = self._window
        words = self.words
        taken = ends[len(messages) - length_hint(rest) + 1]
        self.store_barrier()
        # Who is interrupted from here on writes the same again.
        words[self.taken] = taken
        self.barrier()
        is_called_off = words[self.state] != 0
        if is_called_off and not self.counts(self.counted_as_taken, taken, self._stream, thread):
            words[self.taken] = self._taken()
            return False
        hand.extend(islice(rest, 1))
        return not is_called_off

    def has_read(self) -> bool:
        """Whether a message was read that is not taken; reads what is there."""
        _, ends, rest = self._window
        if length_hint(rest) > 0:
            return True
        taken, sent = ends[-1], self.words[self.sent]
        # More than there is room for nobody has sent.
        if not taken < sent <= taken + self._size:
            return False
        self.store_barrier()
        messages: list[Any] = []
        ends = [taken]
        at = 0
        try:
            text = self.load(taken, min(sent, taken + self._at_once)).decode('ascii')
            end = text.rfind('\n') + 1
            if end == 0:
                # A long one, as far as there is a whole one.
                text = self.load(taken, sent).decode('ascii')
                end = text.index('\n') + 1
            while at < end:
                message, at = _read_direct(text, at)
                if text[at] != '\n':
                    return False
                at += 1
                messages.append(message)
                ends.append(taken + at)
        except (ValueError, LookupError, RecursionError):
            # Whatever has written this, the run knows what to do.
            return False
        self._window = (messages, ends, iter(messages))
        return True

    def _taken(self) -> int:
        messages, ends, rest = self._window
        return ends[len(messages) - length_hint(rest)]


class _Sends:
    """How often one thread sends into one pipe, and the file into which it does so without the run."""

    __slots__ = ('thread', 'outlet', '_opened', '_count', '_counted_since', '_wanted')

    # So many in quick succession, in seconds, make it worth while, a few more than it takes the other end to receive
    # ahead; where it was called off soon, twice as many.
    _least, _most, _quick, _long = 20, 1024, 0.002, 0.1

    def __init__(self, thread: int) -> None:
        self.thread = thread
        self.outlet: _Outlet | None = None
        self._opened = 0.0
        self._count = 0
        self._counted_since = 0.0
        self._wanted = self._least

    def are_often(self) -> bool:
        self._count += 1
        now = time.monotonic()
        if self._count == 1:
            self._counted_since = now
        if self._count < self._wanted:
            return False
        self._count = 0
        return now - self._counted_since < self._wanted * self._quick

    def open(self, answer: Any) -> None:
        if answer is None:
            return
        try:
            self.outlet = _Outlet(answer['path'], answer['bell'])
            self._opened = time.monotonic()
        except OSError:
            # It was called off before, or the folder of the run is not to be seen from here.
            pass

    def give_up(self) -> None:
        """The next ones go by the run."""
        self.outlet = None
        is_short = time.monotonic() - self._opened < self._long
        self._wanted = min(self._most, self._wanted * 2) if is_short else self._least


class _CreditSpool:
    """What was put into a bounded queue on credit: room that the run keeps for this connection, and may call
    off at any moment. Then it takes in what is in this file by then, and says so in it. This process says
    what it has put before it looks, the run looks after it has said what it wants, so that one sees the other.
    """

    __slots__ = (
        'is_owed', '_client', '_params', '_file', '_mapped', '_header', '_grant', '_is_granted', '_end', '_limit', '_used',
        '_found', '_wanted', '_told', '_frame', '_misses', '_waits_before_look',
    )

    # Numbers of 8 bytes: what this process says, three that the run says, and one for `_barrier`.
    _run_says = slice(8, 32)
    _scratch = 32
    _start = 40
    _not_known_yet = 0xFFFFFFFF
    _never = 1 << 64
    # So often it is looked for room before this process waits for it.
    _looks = 100
    # Where that was in vain again and again, it waits at once for so many times, as a power of two.
    _most_misses = 6

    def __init__(self, path: str, client: _Client, lease: _Lease, params: str) -> None:
        self._client = client
        self._params = params
        self._file = os.open(path, os.O_RDWR)
        self._mapped = mmap.mmap(self._file, 0)
        # Which grant it is, and how many bytes were put on it: one number, so that both change at once.
        self._header = memoryview(self._mapped)[:8].cast('Q')
        self._grant = 0
        self._is_granted = False
        self._end = self._start
        # How many items may be put on this grant in all, and how many were.
        self._limit = self._used = 0
        # What the run has said last.
        self._found = b''
        # At which number in the header the run is to be told, and of which it was told last.
        self._wanted = self._told = self._never
        # How often it was looked for room in vain, one time after the other, and how many waits come before the next time.
        self._misses = self._waits_before_look = 0
        # Whether the run is to be told of what there is, as somebody waits for it; others find it.
        self.is_owed = False
        self._frame = f'{{"jsonrpc":"2.0","thread":{lease.thread},"method":"queue.spooled","params":{params}}}\n'.encode()

    @property
    def is_empty(self) -> bool:
        return not self.is_owed

    @property
    def is_being_sent(self) -> bool:
        return False

    def put(self, item: str, waits: bool) -> str | None:
        """Takes one item and gives None; otherwise what a put says that asks for the next grant."""
        data = f',{item}'.encode('ascii')
        start = self._end
        end = start + len(data)
        if self._used >= self._limit and self._is_granted:
            # There may be more by now.
            self._hear(self._mapped[self._run_says])
            if waits and self._used >= self._limit:
                self._look_for_room()
        if not self._is_granted or self._used >= self._limit or end > len(self._mapped):
            return self._give_up()
        self._mapped[start:end] = data
        if not _is_x86:
            _barrier(self._file, self._scratch)
        header = (self._grant << 32) | (end - self._start)
        # In this order, since CPython 3.9 runs signal handlers between any two steps: never more than what is counted.
        self._used += 1
        self._end = end
        self._header[0] = header
        _barrier(self._file, self._scratch)
        found = self._mapped[self._run_says]
        if found != self._found and not self._hear(found) and not self._was_taken(found, header):
            return self._give_up()
        if header >= self._wanted != self._told:
            self.is_owed = True
        return None

    def _look_for_room(self) -> None:
        """Where whoever takes is quick, there is room before this process would be woken up. The others have the processor meanwhile."""
        if self._waits_before_look > 0:
            self._waits_before_look -= 1
            return
        for _ in repeat(None, self._looks):
            if not self._is_granted:
                return
            if self._used < self._limit:
                self._misses = 0
                return
            os.sched_yield()
            self._hear(self._mapped[self._run_says])
        self._misses = min(self._misses + 1, self._most_misses)
        self._waits_before_look = 1 << self._misses

    def _give_up(self) -> str:
        """Nothing more is put on this grant. A signal handler may ask for the next one before the program does,
        which then does not give up what the handler was granted."""
        self._is_granted = False
        return f',"grant":{self._grant}'

    def _hear(self, found: bytes) -> bool:
        """What the run has said; False where the grant is called off."""
        called_off, wanted, limit = (int.from_bytes(found[at : at + 8], 'little') for at in (0, 8, 16))
        is_called_off = called_off >> 32 == self._grant
        # Heard is what was noted last: where a signal handler raises before, all of it is heard again.
        if is_called_off:
            self._is_granted = False
        if limit >> 32 == self._grant:
            self._limit = limit & 0xFFFFFFFF
        self._wanted = wanted if wanted >> 32 == self._grant else self._never
        self._found = found
        return not is_called_off

    def _was_taken(self, found: bytes, header: int) -> bool:
        """The grant is called off: whether what ends with this was taken in before."""
        called_off = int.from_bytes(found[:8], 'little')
        if called_off & 0xFFFFFFFF == self._not_known_yet:
            # What is asked now is answered after that.
            self._client.call('queue.spool', self._params)
            return self._was_taken(self._mapped[self._run_says], header)
        return called_off >= header

    def send(self, stream: _Stream) -> None:
        wanted = self._wanted
        stream.send(self._frame)
        self._told = wanted
        self.is_owed = False

    def renew(self, result: Any) -> None:
        """A put was answered; may be called again for the same answer, and late."""
        grant, credit = result.get('grant', 0), result.get('credit', 0)
        if grant > self._grant:
            # What was put on it counts by its number: that is noted when all the rest is, and used after that.
            self._header[0] = grant << 32
            self._end = self._start
            self._used = 0
            self._limit = credit
            self._wanted = self._never
            self._found = b''
            self._grant = grant
            self._is_granted = credit > 0


class _Feeder:
    """Puts into queues that have room, as the feeder thread of multiprocessing: puts that follow each
    other quickly go out together, a millisecond later at most, and before anything else that is asked.

    No answer is ever under way when a put has returned: a process that ends in whatever way leaves
    nothing that the run would have to write to it, which would keep it from reading the rest.
    """

    def __init__(self, client: _Client) -> None:
        self._client = client
        # Reentrant for the sake of signal handlers.
        self._lock = threading.RLock()
        # Whether a signal handler that comes here has interrupted this very thing.
        self._is_inside = False
        self._spools: dict[str, _Spool | _CreditSpool] = {}
        # The one spool that has something in it, or had last.
        self._spool: _Spool | _CreditSpool | None = None
        self._name = ''
        self._stream: _Stream | None = None
        # The thread that puts.
        self._owner = 0
        self._unanswered = 0
        self._last = 0.0
        self._wake = _Bell()
        self._has_thread = False
        # Whether the run is ever to find in a file what was put.
        self.has_credit = False

    @property
    def is_empty(self) -> bool:
        return self._spool is None or self._spool.is_empty

    def put(self, lease: _Lease, name: str, params: str, item: str, waits: bool) -> str | None:
        """Takes one item and gives None; otherwise whoever puts has to wait for an answer, and says this besides.
        `waits` says that it may take a while."""
        with self._lock:
            if self._is_inside and self._is_interrupted():
                return ''
            self._is_inside = True
            try:
                return self._take(lease, name, params, item, waits)
            finally:
                self._is_inside = False

    def _take(self, lease: _Lease, name: str, params: str, item: str, waits: bool) -> str | None:
        spool = self._spool
        if spool is not None and spool.is_being_sent:
            self._send()
        if spool is None or name != self._name:
            self._send()
            self._begin(lease, name, params)
            spool = self._spool
            if not isinstance(spool, _CreditSpool):
                return ''
        if isinstance(spool, _CreditSpool):
            asking = spool.put(item, waits)
            if spool.is_owed:
                self._send()
            return asking
        if self._unanswered >= _puts_per_answer or not spool.fits(item):
            self._send()
            self._begin(lease, name, params)
            return ''
        now = time.monotonic()
        is_quick = now - self._last < _quick_put
        self._last = now
        self._unanswered += 1
        if spool.is_empty and is_quick:
            self._wake_thread()
        spool.add(item)
        if not is_quick or spool.is_full:
            self._send()
        return None

    def _begin(self, lease: _Lease, name: str, params: str) -> None:
        self._name, self._stream, self._owner, self._unanswered = name, lease.stream, lease.thread, 0
        if name not in self._spools:
            try:
                path = self._client.call('queue.spool', params)['path']
            except Refused:
                self._go_without(name)
                return
            try:
                if self._client.is_bounded[name]:
                    self.has_credit = True
                    self._spools[name] = _CreditSpool(path, self._client, lease, params)
                else:
                    self._spools[name] = _Spool(path, lease.thread, params, lease.stream.max_frame_bytes)
            except OSError:
                # The folder of the run is not to be seen from here, or was removed.
                self._go_without(name)
                return
        self._spool = self._spools[name]

    def _go_without(self, name: str) -> None:
        """Every put waits for its answer."""
        self._spool = None
        self._client.is_bounded[name] = None

    def renew(self, name: str, result: Any) -> None:
        """A put that asked for credit was answered."""
        spool = self._spools.get(name)
        if isinstance(spool, _CreditSpool):
            spool.renew(result)

    def flush(self) -> None:
        with self._lock:
            if self._is_inside and self._is_interrupted():
                return
            self._is_inside = True
            try:
                self._send()
            finally:
                self._is_inside = False

    def _is_interrupted(self) -> bool:
        """Whether whoever asks is a signal handler that has interrupted a `put` or `flush`: one is below it. In CPython 3.9 a handler
        that raises may come before what the end of one of them was to note."""
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code in self._entries and frame.f_locals.get('self') is self:
                return True
            frame = frame.f_back
        return False

    _entries = (put.__code__, flush.__code__)

    def _send(self) -> None:
        spool, stream = self._spool, self._stream
        if spool is None or stream is None or spool.is_empty:
            return
        stream.is_confirmed = False
        if threading.get_ident() != self._owner:
            spool.send(stream)
            return
        # What a signal handler asks meanwhile does not go into the middle of the frame.
        was_busy, stream.is_busy = stream.is_busy, True
        try:
            spool.send(stream)
        except Error:
            raise
        except BaseException:
            # What was interrupted is sent all the same, even where the program does nothing more.
            self._wake_thread()
            raise
        finally:
            stream.is_busy = was_busy

    def _wake_thread(self) -> None:
        if not self._has_thread:
            # `Thread.start` waits for the thread, and a signal handler that raises then leaves it half begun.
            start_new_thread(self._feed, ())
            self._has_thread = True
        self._wake.ring()

    def _feed(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(_quick_put)
            try:
                self.flush()
            except Error:
                # Whoever asks next is told that the run has ended.
                pass


class _Lease:
    """The connection of one thread. It goes back to the pool, unclosed, when its thread ends: what the
    thread holds is held until it is released or the process ends, as in multiprocessing."""

    __slots__ = ('stream', 'thread', 'handoffs', '_free')

    def __init__(self, stream: _Stream, free: collections.deque[_Stream]) -> None:
        self.stream = stream
        # They go with the thread, whose connection another one may get.
        self.handoffs: dict[str, _Handoff | None] = {}
        self.thread = threading.get_ident()
        self._free = free

    def __del__(self) -> None:
        if not self.stream.is_lost:
            self._free.append(self.stream)


class _Client:
    """Everything that this process shares: its connections, and what it knows about names."""

    def __init__(self, has_forked: bool) -> None:
        self.has_forked = has_forked
        # With one connection every request of the process is begun in order, so that what cannot fail
        # need not be waited for. A second connection, or a second process of the instance, ends that.
        self.is_ordered = not has_forked
        self.free: collections.deque[_Stream] = collections.deque()
        self.streams: list[_Stream] = []
        self.local = threading.local()
        # How often each thread holds a lock, by the name of the lock.
        self.held: dict[str, dict[int, int]] = {}
        self.own_locks: dict[str, _OwnLock] = {}
        # Items and messages that were given to a wait which had been interrupted, by kind and name. What is not there yet
        # is made without a call, since whoever gives something back may be interrupted once more.
        self.given: collections.defaultdict[tuple[str, str], collections.deque[Any]] = collections.defaultdict(collections.deque)
        # By queue; None where every put waits for its answer.
        self.is_bounded: dict[str, bool | None] = {}
        # What this process has on loan, by queue, and who answers where the run wants it back.
        self.loans: dict[str, _Loan] = {}
        self.recalls: _Recalls | None = None
        self.feeder = _Feeder(self)
        self.starting = threading.RLock()

    def lease(self) -> _Lease:
        lease: _Lease | None = getattr(self.local, 'lease', None)
        if lease is None or lease.stream.is_lost:
            lease = self.local.lease = _Lease(self.take(), self.free)
        return lease

    def take(self) -> _Stream:
        """A connection that nobody uses."""
        try:
            return self.free.pop()
        except IndexError:
            pass
        if self.streams:
            self.feeder.flush()
            self.is_ordered = False
        elif multiprocessing.parent_process() is not None:
            # A child of multiprocessing, however it was started: others act for the same instance, and it
            # may end without the hooks of an interpreter that ends.
            self.has_forked, self.is_ordered = True, False
        stream = _Stream()
        self.streams.append(stream)
        return stream

    def call(
        self,
        method: str,
        params: str,
        late: Callable[[Any], None] | None = None,
        took: Callable[[Any], None] | None = None,
    ) -> Any:
        if not self.feeder.is_empty:
            self.feeder.flush()
        lease = self.lease()
        if not lease.stream.is_busy:
            return lease.stream.call(lease.thread, method, params, late, took)
        # A signal handler interrupts a wait of its own thread.
        stream = self.take()
        try:
            return stream.call(lease.thread, method, params, late, took)
        finally:
            if not stream.is_lost:
                self.free.append(stream)

    def borrow_from(self, name: str) -> _Loan | None:
        """The loan of a queue, begun where there is none yet; None where the run makes no tally."""
        with self.starting:
            if name not in self.loans:
                if self.recalls is None or self.recalls.is_lost:
                    self.recalls = _Recalls(self)
                loan = self.recalls.open(name)
                if loan is None:
                    return None
                # A signal handler may have begun one meanwhile.
                self.loans.setdefault(name, loan)
            return self.loans[name]

    def settled_stream(self) -> _Stream | None:
        """The connection of this thread, where all that was asked before has taken effect."""
        lease: _Lease | None = getattr(self.local, 'lease', None)
        if lease is None or not self.feeder.is_empty:
            return None
        stream = lease.stream
        return stream if stream.is_confirmed and not stream.is_busy and not stream.is_lost else None

    def handoffs(self) -> dict[str, _Handoff | None]:
        """The locks that others may hand on to this thread, by name; None for those that they may not."""
        return self.lease().handoffs

    def confirm(self) -> None:
        self.feeder.flush()
        for stream in list(self.streams):
            if not stream.is_busy:
                stream.confirm(threading.get_ident())


class _OwnLock:
    """One plain lock, as all of its handles in this process share it. A lock that one thread takes again and
    again while nobody else wants it is left to that thread: it is released and taken by writing to a file,
    without asking, until the run says there that others want it.

    To write the own word first and to read the run's then is what keeps the two apart (docs/protocol.md,
    "Locks that are left to their holder"); a mapped file would not do, whose writes may be seen later.
    """

    __slots__ = ('name', 'thread', 'is_held', '_params', '_is_left', '_file', '_files', '_first_token', '_grants',
                 '_quick', '_counted_since', '_wanted', '_waits')

    # So many grants in quick succession, in seconds, with nothing else asked meanwhile make it worth while;
    # where it was refused, twice as many, and so on. So many waits for others make it worth while that they hand
    # it on to this thread.
    _least, _most, _quick_grant, _least_waits = 16, 1024, 0.001, 2

    def __init__(self, name: str) -> None:
        self.name = name
        self.thread = 0
        # Whether its thread holds it, and the run may not know.
        self.is_held = False
        self._params = f'{{"holds":{_encode(name)},"token":'
        self._is_left = False
        self._file = -1
        self._files: dict[str, int] = {}
        self._first_token = 0
        self._grants = 0
        self._quick = 0
        self._counted_since = 0.0
        self._wanted = self._least
        self._waits = 0

    @property
    def token(self) -> int:
        """The fencing number of the last grant."""
        return self._first_token + self._grants

    def take(self, lock: Lock) -> bool:
        """Takes it for this handle without asking; False where that cannot be."""
        if not self._is_left or self.is_held or self.thread != threading.get_ident():
            return False
        stream = _client.settled_stream()
        if stream is None:
            return False
        self.is_held = True
        try:
            self._grants += 1
            lock.token = self.token
            lock.owner_died = False
            # Nothing that is taken here is in a line of its own, where it would be lost to whatever interrupts that.
            return self._write(self._grants * 2 + 1) or self._is_back(stream)
        except BaseException:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Releases what an exception has come into the way of."""
        try:
            self.release()
        except Error:
            # It is held no more, or the run has ended.
            pass

    def release(self) -> None:
        """Raises NotOwner where somebody else in this instance has released it."""
        client = _client
        # First: whoever is interrupted here may release it again.
        self.is_held = False
        # What was put, set or sent before is to be there for the next holder.
        word = self._grants * 2
        is_written = self._is_left and client.settled_stream() is not None
        if is_written and self._write(word):
            return
        self._is_left = False
        lease = client.lease()
        if client.is_ordered and not lease.stream.is_busy:
            client.feeder.flush()
            self._give_up(lease.stream)
        else:
            try:
                client.call('lock.release', f'{self._params}{self.token}}}')
            except NotOwner:
                # With any answer the run has said in the file which word it has seen: perhaps this one.
                if not is_written or int.from_bytes(os.pread(self._file, 8, 16), 'little') != word:
                    raise

    def has_granted(self, answer: dict[str, Any]) -> bool:
        """Whether this thread has the lock by this grant, and the run has left it to it."""
        return self.is_held and self.thread == threading.get_ident() and bool(answer['tokens'].get(self.name) == self.token)

    def forget(self) -> None:
        """Something else was granted to this thread: what it had taken before, somebody else in this instance has released."""
        if self.is_held and self.thread == threading.get_ident():
            self.is_held = self._is_left = False

    def released(self, is_settled: bool) -> None:
        """It was released by asking."""
        if not is_settled:
            self._quick = 0

    def taken(self) -> bool:
        """It was taken by asking: asks for the lock itself where that is worth while; whether it was left to this thread."""
        self.forget()
        self._quick += 1
        now = time.monotonic()
        if self._quick == 1:
            self._counted_since = now
        if self._quick < self._wanted:
            return False
        is_quick = now - self._counted_since < self._wanted * self._quick_grant
        self._quick = 0
        if self._is_left or not is_quick or _client.settled_stream() is None:
            return False
        self._wanted = min(self._most, self._wanted * 2)
        try:
            answer = _client.call('lock.delegate', _name_params(self.name))
            path = answer['path']
            if path not in self._files:
                self._files[path] = os.open(path, os.O_RDWR)
        except (Refused, OSError):
            # Others want it, or the folder of the run is not to be seen from here.
            return False
        self._wanted = self._least
        self._file, self._first_token, self._grants = self._files[path], answer['token'], 0
        self.thread = threading.get_ident()
        self.is_held = self._is_left = True
        return True

    def waited(self) -> None:
        """It was taken by asking, and others had it."""
        self._waits += 1
        handoffs = _client.handoffs()
        if self._waits < self._least_waits or self.name in handoffs:
            return
        try:
            handoffs[self.name] = _Handoff(self.name, _client.call('lock.handoff', _name_params(self.name))['bell'])
        except (Refused, OSError):
            handoffs[self.name] = None

    def _write(self, word: int) -> bool:
        """Whether the lock is still left to this thread."""
        os.pwrite(self._file, word.to_bytes(8, 'little'), 0)
        return os.pread(self._file, 1, 8) == b'\0'

    def _is_back(self, stream: _Stream) -> bool:
        """The run has it back, and may believe that this very grant holds it: False."""
        self._give_up(stream)
        return False

    def _give_up(self, stream: _Stream) -> None:
        self.is_held = self._is_left = False
        stream.is_confirmed = False
        stream.tell(
            f'{{"jsonrpc":"2.0","thread":{self.thread},"method":"lock.release","params":{self._params}{self.token}}}}}\n'
        )


class _Handoff:
    """One plain lock that several processes contend for, as one thread sees it. While nobody else asks the run
    about it, they hand it on to each other: each says in a common log that it lines up and that it releases
    the lock, in the order in which the system appends what they write, and wakes the next one by its bell.

    Whoever has written reads then the run's word: where it says that the run has the lock back, the run is asked
    (docs/protocol.md, "Locks that are handed on"). So it is asked where a wait is not short, and is told where
    an exception ends one: from the log it knows who waits, and who has the lock.
    """

    __slots__ = (
        'is_held', 'token', '_name', '_params', '_bell', '_ring', '_bells', '_others', '_paths', '_log', '_at', '_line', '_released',
        '_member', '_lines_up', '_lets_go', '_says', '_first_token', '_own_at',
    )

    # A log that is longer than this, in bytes, ends, and another one begins.
    _longest = 200_000
    # So long, in milliseconds, the run is not asked.
    _patience = 50
    # What is added to the number of a member that releases the lock.
    _release = 128
    # Whose record is never there.
    _nobody = 0

    def __init__(self, name: str, bell: str) -> None:
        # Whether this thread holds the lock, and the run may not know.
        self.is_held = False
        # The fencing number of the last grant.
        self.token = 0
        self._name = name
        self._params = _name_params(name)
        self._log = self._bell = -1
        # The bells of the others: by path, and by member as far as they were needed in this log.
        self._bells: dict[str, int] = {}
        self._others: dict[int, int] = {}
        self._paths: dict[str, str] = {}
        # As far as the log was read: who stands in line, the holder first, and how often the lock was released.
        self._at = 0
        self._line: collections.deque[int] = collections.deque()
        self._released = 0
        self._member = 0
        self._lines_up = self._lets_go = self._says = b''
        # Where the last release of this thread stands in the log.
        self._own_at = 0
        self._first_token = 0
        self._bell = os.open(bell, os.O_RDWR | os.O_NONBLOCK)
        self._ring = select.poll()
        self._ring.register(self._bell, select.POLLIN)

    def __del__(self) -> None:
        """Its thread has ended."""
        for file in (self._log, self._bell, *self._bells.values()):
            if file >= 0:
                os.close(file)

    def has_granted(self, answer: dict[str, Any]) -> bool:
        """Whether this thread holds the lock by what was handed on to it, and not by what the run itself has granted."""
        return self.is_held and bool(answer['tokens'].get(self._name) == self.token)

    def forget(self) -> None:
        """The run has granted the lock: what was handed on to this thread before, somebody else in this instance has released."""
        self.is_held = False
        self._close()

    def take(self, grant: _Grant) -> bool:
        """Lines up without asking, and waits; False where the run has to be asked."""
        stream = self._settled_stream()
        if self._log < 0 or self.is_held or self._at > self._longest or stream is None:
            return False
        self._take_turn(stream, grant, None)
        return True

    def follow(self, grant: _Grant) -> None:
        """The run has lined this thread up: waits for the lock."""
        self._take_turn(_client.lease().stream, grant, grant.answer['handoff'])

    def _take_turn(self, stream: _Stream, grant: _Grant, place: dict[str, Any] | None) -> None:
        """Waits in line, at this place or at the end of it."""
        was_busy = stream.is_busy
        try:
            # A signal handler asks the run, on another connection, as it does wherever it interrupts a wait.
            stream.is_busy = True
            ahead = self._line_up() if place is None else self._follow(place)
            if ahead is None:
                self._ask(stream, grant)
            elif ahead > 0:
                self._wait(stream, grant)
            else:
                self._granted(grant)
        except Error:
            raise
        except BaseException:
            # What was granted is given back as any other grant.
            if grant.answer is None:
                self.leave()
            raise
        finally:
            stream.is_busy = was_busy

    def release(self) -> None:
        """Raises NotOwner where somebody else in this instance has released it."""
        log, following = -1, None
        stream = self._settled_stream()
        try:
            # What was put, set or sent before is to be there for the next holder.
            if self._log >= 0 and stream is not None:
                # Before it is held no more: a signal handler asks the run, on another connection.
                stream.is_busy = True
                # Whoever is interrupted from here on may release it again.
                self.is_held = False
                try:
                    os.write(self._log, self._lets_go)
                    following = self._read(self._member + self._release)
                    if following is not None and not self._is_called_off():
                        if following > 0:
                            self._wake(following)
                        return
                except OSError:
                    # The disk is full.
                    pass
            self.is_held = False
            log, self._log = self._log, -1
        except BaseException:
            # How far the log was read is not known any more.
            self._close()
            raise
        finally:
            if stream is not None:
                stream.is_busy = False
        # Only where the run has not seen it in the log.
        client = _client
        params = f'{{"holds":{_encode(self._name)},"token":{self.token}}}'
        try:
            lease = client.lease()
            if client.is_ordered and not lease.stream.is_busy:
                client.feeder.flush()
                _tell(lease, 'lock.release', params)
            else:
                client.call('lock.release', params)
        except NotOwner:
            # The run says in the log up to where it has seen it.
            if log < 0 or following is None or self._own_at >= int.from_bytes(os.pread(log, 4, 4), 'little'):
                raise
        finally:
            if log >= 0:
                os.close(log)

    def leave(self) -> None:
        """An exception has come into the way: this thread waits no more, and holds nothing."""
        try:
            if self.is_held:
                self.release()
            else:
                self._close()
                _tell(_client.lease(), 'lock.leave', self._params)
        except Error:
            # The run has ended.
            pass

    def _settled_stream(self) -> _Stream | None:
        return None if _client.feeder.has_credit else _client.settled_stream()

    def _is_called_off(self) -> bool:
        return os.pread(self._log, 1, 0) != b'\0'

    def _read(self, own: int) -> int | None:
        """Reads the log as far as there is the own record: gives how many stand before it, or who is next; None
        where it is not there. What cannot be counts for nothing."""
        found = None
        line = self._line
        while found is None:
            records = os.pread(self._log, 4096, self._at)
            if not records:
                break
            for at, record in enumerate(records, self._at):
                if record < self._release:
                    if record == 0 or record in line:
                        continue
                    if record == own:
                        found = len(line)
                        self.token = self._first_token + self._released + found
                    line.append(record)
                elif line and line[0] == record - self._release:
                    line.popleft()
                    self._released += 1
                    if record == own:
                        found, self._own_at = line[0] if line else 0, at
            self._at += len(records)
        return found

    def _wait(self, stream: _Stream, grant: _Grant) -> None:
        while self._ring.poll(self._patience):
            try:
                said = os.read(self._bell, 1)
            except BlockingIOError:
                continue
            if said == self._says:
                # What it was told long ago and has not heard may have been the same.
                self._read(self._nobody)
                if self._line and self._line[0] == self._member:
                    self._granted(grant)
                    return
            elif self._is_called_off():
                break
        self._ask(stream, grant)

    def _granted(self, grant: _Grant) -> None:
        answer = {'tokens': {self._name: self.token}, 'owner_died': ()}
        # No call between these: signal handlers run between calls.
        self.is_held = True
        grant.answer = answer

    def _ask(self, stream: _Stream, grant: _Grant) -> None:
        """The run knows what has come of it."""
        self._close()
        # What it has answered before is over with this.
        grant.answer = None
        stream.call(threading.get_ident(), 'lock.claim', self._params, None, grant)

    def _line_up(self) -> int | None:
        """How many stand before it; None where the run has to be asked."""
        try:
            os.write(self._log, self._lines_up)
        except OSError:
            # The disk is full.
            return None
        ahead = self._read(self._member)
        return None if self._is_called_off() else ahead

    def _follow(self, place: dict[str, Any]) -> int | None:
        """The run has lined this thread up: gives the same."""
        self._close()
        self.is_held = False
        self._member = place['member']
        self._lines_up, self._lets_go = bytes([self._member]), bytes([self._member + self._release])
        self._says = bytes([place['epoch']])
        self._first_token = place['first_token']
        self._released = place['released']
        self._line = collections.deque(place['line'])
        self.token = self._first_token + self._released + len(self._line)
        self._line.append(self._member)
        self._at = place['at']
        self._others = {}
        self._paths = place['bells']
        for path in [path for path in self._bells if path not in self._paths.values()]:
            os.close(self._bells.pop(path))
        try:
            self._log = os.open(place['path'], os.O_RDWR | os.O_APPEND)
        except OSError:
            # The folder of the run is not to be seen from here, too many files are open, or it is over already.
            return None
        return len(place['line'])

    def _close(self) -> None:
        log, self._log = self._log, -1
        if log >= 0:
            os.close(log)

    def _wake(self, member: int) -> None:
        try:
            if member not in self._others:
                path = self._paths[str(member)]
                if path not in self._bells:
                    self._bells[path] = os.open(path, os.O_RDWR | os.O_NONBLOCK)
                self._others[member] = self._bells[path]
            os.write(self._others[member], self._says)
        except (LookupError, OSError):
            # It asks the run when its patience is over.
            pass


def _tell(lease: _Lease, method: str, params: str) -> None:
    """Asks for something whose answer nobody needs."""
    lease.stream.is_confirmed = False
    lease.stream.tell(f'{{"jsonrpc":"2.0","thread":{lease.thread},"method":"{method}","params":{params}}}\n')


class _Loan:
    """Items of one queue that this process was given ahead of its gets. They are the queue's until they are
    taken: the tally, a file that the run reads when this process has died, tells how many were."""

    __slots__ = ('items', 'takes', 'given', 'fetcher', 'is_going_back', 'batch', 'fetched', '_tally', '_file', '_tell', '_told')

    # So much work, in seconds, is borrowed at once, and so many items.
    _ahead = 0.002
    _most = 1000

    def __init__(self, path: str, given: collections.deque[Any], tell: Callable[[int], None] | None) -> None:
        self.items: collections.deque[Any] = collections.deque()
        # What was taken by gets that were interrupted: this process has it, and it is the next that it gets.
        self.given = given
        # The one thread that asks for more, so that the items come in the order of the run. Not a lock: where
        # something interrupts that thread before it lets go, it is still the one the next time.
        self.fetcher: dict[str, int] = {}
        # Whether the run has not yet confirmed what was given back: until then nobody asks for more.
        self.is_going_back = False
        self.batch = 1
        self.fetched = 0.0
        self._file = os.open(path, os.O_RDWR)
        # What was taken in all; and at how many the run is to be told, as somebody waits for room.
        self._tally = memoryview(mmap.mmap(self._file, 16)).cast('Q')
        # Tells the run that there is room; None where nobody waits for room.
        self._tell = tell
        self._told = 0
        # Each `next` takes an item and counts it, in one call into C: no other thread comes between, and no
        # handler of a signal. Raises IndexError where nothing is on loan.
        counts = map(self._tally.__setitem__, repeat(0), count(1))
        self.takes = map(itemgetter(0), zip(starmap(self.items.popleft, repeat(())), counts))

    @property
    def makes_room(self) -> bool:
        """Whether what is taken makes room that somebody may wait for."""
        return self._tell is not None

    def make_room(self) -> None:
        """What was taken has made room, for which somebody may wait."""
        if self._tell is None:
            return
        # The run says when it wants to be told, and then reads what was taken.
        _barrier(self._file, 16)
        taken, wanted = self._tally
        if taken >= wanted != self._told:
            self._tell(taken)
            self._told = wanted

    def make_room_after_all(self) -> None:
        """The same, where a get was interrupted in between."""
        try:
            self.make_room()
        except Error:
            # The run has ended.
            pass

    def taken(self) -> int:
        """How many were taken in all."""
        return self._tally[0]

    def is_fetched_by(self, thread: int) -> bool:
        """Whether this thread is the one that may ask for more."""
        return self.fetcher.setdefault('thread', thread) == thread

    def next_batch(self) -> int:
        """How many to ask for: as many as are worked through in two milliseconds, judged by the last batch."""
        now = time.monotonic()
        spent, self.fetched = now - self.fetched, now
        if spent > self._ahead:
            self.batch = max(1, int(self.batch * self._ahead / spent))
        elif spent * 2 <= self._ahead:
            self.batch = min(self._most, self.batch * 2)
        return self.batch


class _Arrival:
    """What one get is answered, wherever something interrupts it: none of it is lost, and none comes twice."""

    __slots__ = ('is_given_up', '_hand', '_given', '_loan')

    def __init__(self, hand: list[Any], given: collections.deque[Any], loan: _Loan | None) -> None:
        self._hand = hand
        self._given = given
        self._loan = loan
        # Nobody waits for it any more: what comes all the same is the next that this process gets.
        self.is_given_up = False

    def __call__(self, items: list[Any]) -> None:
        """The answer has come; may be called again for the same one."""
        if self._hand:
            return
        first = items[:1]
        if self._loan is None:
            self._hand += first
            if self.is_given_up:
                self._given += first
        else:
            self._loan.fetched = time.monotonic()
            takers = (self._hand, self._given) if self.is_given_up else (self._hand,)
            # The others go to the loan and the first to these, in one call.
            self._loan.items.extend(chain(items[1:], filter(None, map(methodcaller('extend', first), takers))))


class _Recalls:
    """A connection and a thread of its own, which give back what others need, whatever the program does."""

    def __init__(self, client: _Client) -> None:
        self._client = client
        self._stream = _Stream()
        client.streams.append(self._stream)
        self._stream.is_busy = True
        # Reentrant for the sake of signal handlers.
        self._asking = threading.RLock()
        # Answers to `open`, by request.
        self._answers: dict[int, dict[str, Any]] = {}
        self._answered = _Bell()
        # Queues whose recall came while another one was being answered.
        self._recalled: collections.deque[str] = collections.deque()
        self.is_lost = False
        start_new_thread(self._listen, ())

    def open(self, name: str) -> _Loan | None:
        number = self._ask('queue.tally', _name_params(name))
        # One that was interrupted has left its answer.
        while number not in self._answers:
            self._answered.wait()
            if self.is_lost:
                return None
        answer = self._answers.pop(number)
        if 'error' in answer:
            return None
        try:
            path, capacity = answer['result']['path'], answer['result']['capacity']
            tell = None if capacity is None else lambda taken: self._tell_taken(name, taken)
            return _Loan(path, self._client.given['queue', name], tell)
        except OSError:
            # The folder of the run is not to be seen from here, or was removed.
            return None

    def _ask(self, method: str, params: str) -> int:
        with self._asking:
            return self._stream.ask(threading.get_ident(), method, params)

    def _tell_taken(self, name: str, taken: int) -> None:
        params = f'{{"name":{_encode(name)},"taken":{taken},"last":0}}'
        self._stream.tell(f'{{"jsonrpc":"2.0","method":"queue.give_back","params":{params}}}\n')

    def _listen(self) -> None:
        try:
            while True:
                while not self._recalled:
                    self._hear(self._stream.read())
                self._give_back(self._recalled.popleft())
        except Error:
            self.is_lost = True
            self._answered.ring()

    def _hear(self, frame: dict[str, Any]) -> None:
        number = frame.get('id')
        if number is not None:
            self._answers[number] = frame
            self._answered.ring()
        elif frame.get('method') == 'queue.recall':
            self._recalled.append(frame['params']['name'])

    def _give_back(self, name: str) -> None:
        loan = self._client.loans.get(name)
        if loan is None:
            return
        loan.is_going_back = True
        try:
            # From the other end than others take from.
            last = 0
            while loan.items:
                try:
                    loan.items.pop()
                    last += 1
                except IndexError:
                    pass
            number = self._ask('queue.give_back', f'{{"name":{_encode(name)},"taken":{loan.taken()},"last":{last}}}')
            frame = self._stream.read()
            while frame.get('id') != number:
                self._hear(frame)
                frame = self._stream.read()
        finally:
            loan.is_going_back = False
        if last == 0 and loan.fetcher:
            # What is wanted back is on its way to a get, which may be interrupted: the run asks again at once.
            time.sleep(_Loan._ahead)


_client = _Client(has_forked=False)
# How many threads the interpreter counted when this process was forked.
_begun_before_fork = 0


def _forked_in_child() -> None:
    global _client, _begun_before_fork
    # Some versions go on counting the threads that only the parent has.
    _begun_before_fork = _count_begun()
    parents = _client
    # A new start: the connections and what is held by them are the parent's. Closing the copies of the
    # descriptors here lets the run see at once when the parent dies.
    _client = _Client(has_forked=True)
    for stream in parents.streams:
        stream.socket.close()


def _forked_in_parent() -> None:
    _client.has_forked = True
    _client.is_ordered = False


def _before_fork() -> None:
    try:
        _client.feeder.flush()
    except Error:
        pass


os.register_at_fork(before=_before_fork, after_in_child=_forked_in_child, after_in_parent=_forked_in_parent)


@atexit.register
def _confirm_at_exit() -> None:
    """As the feeder thread of multiprocessing: a program that ends waits until what it put is there."""
    try:
        _client.confirm()
    except Error:
        pass


def _others_act_for_this_instance() -> bool:
    """Whether this process has forked, was forked, or has children of multiprocessing."""
    return _client.has_forked or bool(multiprocessing.active_children())


def _name_params(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise TypeError(f'the name of something in the spec is needed, not {name!r}')
    return f'{{"name":{_encode(name)}}}'


# ---------------------------------------------------------------------------------------------
# Locks and semaphores
# ---------------------------------------------------------------------------------------------


class _Grant:
    """What one `acquire` has come to. Wherever something interrupts that, it is given back: what it has
    been granted by then, and what comes later."""

    __slots__ = ('answer', 'is_counted', '_hold', '_is_given_up', '_given_back')

    def __init__(self, hold: _Hold) -> None:
        self.answer: Any = None
        # Whether it is among what its thread holds.
        self.is_counted = False
        self._hold = hold
        self._is_given_up = False
        self._given_back: Any = None

    def __call__(self, answer: Any) -> None:
        """Perhaps twice with the same."""
        if not self._is_given_up:
            self.answer = answer
        elif answer != self._given_back:
            self._give_back(answer)

    def give_up(self) -> None:
        self._is_given_up = True
        if self.answer is not None:
            self._give_back(self.answer)

    def _give_back(self, answer: Any) -> None:
        self._given_back = answer
        try:
            self._hold._return(answer)
        except Error:
            # The run has ended.
            pass


class _Hold:
    """What locks and semaphores have in common."""

    _kind = 'lock'

    def __init__(self, name: str) -> None:
        self._look_params = _name_params(name)
        self.name = name
        self._params = f'{{"holds":{_encode(name)}}}'
        # The fencing number of the last grant, rising with every grant of this name.
        self.token: int | None = None
        # Whether the holder before the last grant died without releasing.
        self.owner_died = False

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Returns True with the hold, False where it did not come in time. A negative timeout is zero."""
        grant = _Grant(self)
        try:
            self._ask(_with_timeout(self._params, _milliseconds(block, timeout)), grant)
            self.token = grant.answer['tokens'].get(self.name)
            self.owner_died = self.name in grant.answer['owner_died']
            # Last: whatever interrupts a line after it would not be caught here, and the hold would be lost.
            return self._count(grant)
        except TimeoutError:
            return False
        except Error:
            raise
        except BaseException:
            if grant.is_counted:
                self._uncount()
            grant.give_up()
            raise

    def release(self) -> None:
        raise NotImplementedError

    def _ask(self, params: str, grant: _Grant) -> None:
        _client.call(f'{self._kind}.acquire', params, None, grant)

    def _count(self, grant: _Grant) -> bool:
        """It is held from here on: True."""
        return True

    def _uncount(self) -> bool:
        return False

    def _return(self, answer: Any) -> None:
        """Gives back what was granted to an `acquire` that was interrupted."""
        _client.feeder.flush()
        lease = _client.lease()
        if 'handoff' in answer:
            _tell(lease, 'lock.leave', self._look_params)
        elif not lease.stream.is_busy:
            _tell(lease, f'{self._kind}.release', self._params)
        else:
            # What is asked next may go by another connection: it comes after this only where this is answered.
            try:
                _client.call(f'{self._kind}.release', self._params)
            except (NotOwner, Refused):
                pass

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_exception: Any) -> None:
        self.release()

    def _look(self) -> Any:
        return _client.call(f'{self._kind}.look', self._look_params)


class _BaseLock(_Hold):
    """Counts what each thread of this process holds: a release that is known to be right needs no answer."""

    def _count(self, grant: _Grant) -> bool:
        held = self._held()
        thread = threading.get_ident()
        count = held.get(thread, 0) + 1
        # No call between these: signal handlers run between calls.
        held[thread] = count
        grant.is_counted = True
        return True

    def _held(self) -> dict[int, int]:
        return _client.held.setdefault(self.name, {})

    def _uncount(self) -> bool:
        """Takes one hold of this thread off the count; whether there was one."""
        held = self._held()
        thread = threading.get_ident()
        count = held.pop(thread, 0)
        if count > 1:
            held[thread] = count - 1
        return count > 0

    def _release(self, needs_answer: bool) -> None:
        client = _client
        lease = client.lease()
        if needs_answer or not client.is_ordered or lease.stream.is_busy:
            client.call('lock.release', self._params)
        else:
            client.feeder.flush()
            _tell(lease, 'lock.release', self._params)

    def __repr__(self) -> str:
        try:
            holders = self._look()['holders']
            owner = holders[0]['process'] if holders else None
        except Exception:
            owner = 'unknown'
        return f'<{type(self).__name__}({self.name}, owner={owner})>'


class Lock(_BaseLock):
    """A lock of the spec, as `multiprocessing.Lock`.

    It belongs to the whole instance: any of its threads and forked children may release it, another
    instance may not. Acquiring it twice without a limit in one thread raises `Deadlock` instead of
    hanging. If its holder dies, the next one gets it with `owner_died` set.
    """

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        if timeout is not None:
            timeout = _seconds(timeout)
        return self._own().take(self) or super().acquire(block, timeout)

    def _ask(self, params: str, grant: _Grant) -> None:
        handoff = self._handoff()
        if handoff is None or params != self._params or not handoff.take(grant):
            super()._ask(params, grant)
        while 'handoff' in grant.answer:
            if handoff is None:
                # A thread before this one could be told so, or something has interrupted this one before it knew.
                _client.call('lock.claim', self._look_params, None, grant)
            else:
                handoff.follow(grant)

    def _count(self, grant: _Grant) -> bool:
        handoff = self._handoff()
        own = self._own()
        if 'waited' in grant.answer:
            own.waited()
        # Either of them knows itself that it is held.
        if handoff is not None:
            if handoff.has_granted(grant.answer):
                own.forget()
                return True
            # A signal handler that comes here may have interrupted what goes by the log.
            if handoff.is_held:
                handoff.forget()
        return own.taken() or super()._count(grant)

    def _return(self, answer: Any) -> None:
        handoff, own = self._handoff(), self._own()
        if 'handoff' in answer:
            if handoff is not None:
                handoff.forget()
            super()._return(answer)
        elif handoff is not None and handoff.has_granted(answer):
            handoff.leave()
        elif own.has_granted(answer):
            own.let_go()
        else:
            super()._return(answer)

    def _handoff(self) -> _Handoff | None:
        lease: _Lease | None = getattr(_client.local, 'lease', None)
        return None if lease is None else lease.handoffs.get(self.name)

    def _own(self) -> _OwnLock:
        own_locks = _client.own_locks
        return own_locks.get(self.name) or own_locks.setdefault(self.name, _OwnLock(self.name))

    def release(self) -> None:
        """Raises ValueError where this process does not hold it.

        While a process has one thread that uses mpctl and has not forked, releasing what it acquired
        does not wait for the run: it is done before anything that this process asks later, and raises
        nothing where a verb that it runs has released the lock meanwhile.
        """
        own = self._own()
        if own.is_held and own.thread == threading.get_ident():
            try:
                own.release()
            except NotOwner as refusal:
                raise _instead(ReleasedTooOften, refusal) from None
            return
        handoff = self._handoff()
        if handoff is not None and handoff.is_held:
            try:
                handoff.release()
            except NotOwner as refusal:
                raise _instead(ReleasedTooOften, refusal) from None
            return
        own.released(_client.settled_stream() is not None)
        needs_answer = not self._uncount()
        other: tuple[int, int] | None = None
        if needs_answer:
            # Another thread of this process may have acquired it. Taken off first, so that only one of
            # two releases can count on it.
            try:
                other = self._held().popitem()
            except KeyError:
                pass
        try:
            self._release(needs_answer)
        except NotOwner as refusal:
            if other is not None:
                self._held()[other[0]] = other[1]
            raise _instead(ReleasedTooOften, refusal) from None


class RLock(_BaseLock):
    """A lock of the spec with `reentrant: true`, as `multiprocessing.RLock`: it belongs to the thread
    that took it, which may enter it again and leaves it with its last release."""

    def release(self) -> None:
        """Raises AssertionError where this thread does not hold it."""
        try:
            self._release(not self._uncount())
        except NotOwner as refusal:
            raise _instead(NotHeld, refusal) from None


class Semaphore(_Hold):
    """A semaphore of the spec, as `multiprocessing.Semaphore`. Its permits are what the spec says.

    Anybody may release, as in Python: a process without a permit returns the one that has been held
    longest. What a process holds when it ends comes back.
    """

    _kind = 'semaphore'

    def release(self) -> None:
        """Raises ValueError for one release too many where the spec says `bounded: true`, the default."""
        try:
            _client.call('semaphore.release', self._params)
        except (Refused, NotOwner) as refusal:
            raise _instead(ReleasedTooOften, refusal) from None

    def get_value(self) -> int:
        """How many permits are free."""
        return self._look()['free']

    def __repr__(self) -> str:
        try:
            value: Any = self.get_value()
        except Exception:
            value = 'unknown'
        return f'<{type(self).__name__}({self.name}, value={value})>'


class BoundedSemaphore(Semaphore):
    """A semaphore of the spec with `bounded: true`, as `multiprocessing.BoundedSemaphore`."""


# ---------------------------------------------------------------------------------------------
# Event, condition, barrier
# ---------------------------------------------------------------------------------------------


class Event:
    """An event of the spec, as `multiprocessing.Event`. `set` wakes everyone who waits at that moment,
    even if `clear` follows at once, and never hangs."""

    def __init__(self, name: str) -> None:
        self._params = _name_params(name)
        self.name = name

    def is_set(self) -> bool:
        return _client.call('event.look', self._params)['is_set']

    def set(self) -> None:
        _client.call('event.set', self._params)

    def clear(self) -> None:
        _client.call('event.clear', self._params)

    def wait(self, timeout: float | None = None) -> bool:
        """True once it is set, False when the time is over. Raises `Impossible` when nobody can set it any more."""
        try:
            return _client.call('event.wait', _with_timeout(self._params, _milliseconds(True, timeout)))
        except TimeoutError:
            return False

    def __repr__(self) -> str:
        return f'<Event at {self.name}: {"set" if self.is_set() else "unset"}>'


class Condition:
    """A condition of the spec, as `multiprocessing.Condition`.

    `lock` is the lock that the spec gives it, by name or as `Lock` or `RLock`. Without it, the run is
    asked which one that is, when it is first acquired or released here, and it is an `RLock` as in
    Python. Waiting or notifying without holding it raises AssertionError.
    """

    def __init__(self, name: str, lock: str | _BaseLock | None = None) -> None:
        self._params = _name_params(name)
        self.name = name
        self._lock = Lock(lock) if isinstance(lock, str) else lock

    def _its_lock(self) -> _BaseLock:
        if self._lock is None:
            self._lock = RLock(_client.call('condition.look', self._params)['lock'])
        return self._lock

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        return self._its_lock().acquire(block, timeout)

    def release(self) -> None:
        self._its_lock().release()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_exception: Any) -> None:
        self.release()

    def wait(self, timeout: float | None = None) -> bool:
        """True when it was notified, False when the time is over; the lock is held again either way."""
        params = _with_timeout(self._params, _milliseconds(True, timeout))
        try:
            return _client.call('condition.wait', params)
        except TimeoutError:
            return False
        except NotOwner as refusal:
            raise _instead(NotHeld, refusal) from None
        except Error:
            raise
        except BaseException:
            # A wait that is called off does not take the lock back; whoever caught Ctrl-C still holds it.
            self._take_back()
            raise

    def _take_back(self) -> None:
        lock = self._lock
        depth = 0 if lock is None else lock._held().get(threading.get_ident(), 0)
        if lock is not None and depth > 0:
            _client.call('lock.acquire', f'{{"holds":{{"name":{_encode(lock.name)},"permits":{depth}}}}}')

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Waits until the predicate is true, and returns what it gave last."""
        deadline = None if timeout is None else time.monotonic() + _seconds(timeout)
        result = predicate()
        while not result:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                break
            self.wait(left)
            result = predicate()
        return result

    def notify(self, n: int = 1) -> None:
        """Wakes up to n of those who wait, in order of arrival. Never waits for them."""
        if n > 0:
            self._notify(str(n))

    def notify_all(self) -> None:
        self._notify('"all"')

    def _notify(self, count: str) -> None:
        try:
            _client.call('condition.notify', f'{self._params[:-1]},"count":{count}}}')
        except NotOwner as refusal:
            raise _instead(NotHeld, refusal) from None

    def __repr__(self) -> str:
        return f'<Condition({self.name}, {self._lock!r})>'


class Barrier:
    """A barrier of the spec, as `multiprocessing.Barrier`; how many parties it has is said there.

    `action` is called by the last to arrive, before anyone goes on: either every party brings one or
    none does, since the parties then meet twice, before and after it. An action that raises breaks
    the barrier. `timeout` is that of every `wait` that brings none.
    """

    def __init__(self, name: str, action: Callable[[], Any] | None = None, timeout: float | None = None) -> None:
        self._params = _name_params(name)
        self.name = name
        self._action = action
        self._timeout = timeout

    def wait(self, timeout: float | None = None) -> int:
        """Waits for all parties and returns a different number from 0 on to each of them.

        Raises BrokenBarrierError when the barrier is or gets broken: by a time-out, `abort`, `reset`,
        an action that raised, or when too few parties are left to fill it.
        """
        index = self._meet(self._timeout if timeout is None else timeout)
        if self._action is None:
            return index
        if index == self.parties - 1:
            try:
                self._action()
            except BaseException:
                self.abort()
                raise
        self._meet(None)
        return index

    def _meet(self, timeout: float | None) -> int:
        try:
            return _client.call('barrier.wait', _with_timeout(self._params, _milliseconds(True, timeout)))
        except (TimeoutError, Broken, Impossible) as refusal:
            raise _instead(_BrokenBarrier, refusal) from None

    def abort(self) -> None:
        """Breaks it for everyone, until `reset`."""
        _client.call('barrier.abort', self._params)

    def reset(self) -> None:
        """Makes it usable again; whoever waits gets BrokenBarrierError."""
        _client.call('barrier.reset', self._params)

    def _look(self) -> Any:
        return _client.call('barrier.look', self._params)

    @property
    def parties(self) -> int:
        return self._look()['parties']

    @property
    def n_waiting(self) -> int:
        return len(self._look()['arrived'])

    @property
    def broken(self) -> bool:
        return self._look()['broken']

    def __repr__(self) -> str:
        look = self._look()
        state = 'broken' if look['broken'] else f'waiters={len(look["arrived"])}/{look["parties"]}'
        return f'<Barrier at {self.name}: {state}>'


# ---------------------------------------------------------------------------------------------
# Queues and connections
# ---------------------------------------------------------------------------------------------


# What no `get` returns.
_no_item = object()


class Queue:
    """A queue of the spec, as `multiprocessing.Queue`; its capacity is said there.

    A put comes before anything that this process asks of the run later. It does not wait for an answer
    while the process has one thread that uses mpctl and has not forked, and none is lost, however the process
    ends. Into a queue without a capacity, puts that follow each other go out together, within a millisecond;
    that nobody is left to get is then raised by one of the thousand puts that follow. At a bounded queue the
    run keeps room for this process as long as nobody else needs it, and everybody sees at once what was put.

    A process that gets item after item in no time is lent others ahead, and takes them without asking. They
    are the queue's all the same, and fill its room: where others need them, somebody joins, or this
    process dies, exactly those that no `get` has returned go back. A thread of its own sees to that.
    Of several consumers one may then get an item after later ones; one alone gets all in order. An item that an interrupted `get` had been given is the next one that this process gets.
    """

    def __init__(self, name: str) -> None:
        self._params = _name_params(name)
        self.name = name
        self._is_closed = False
        # Gets of this object since it began to count them, and when that was.
        self._gets = 0
        self._counted_since = 0.0

    def put(self, obj: Any, block: bool = True, timeout: float | None = None, *, priority: float = 0) -> None:
        """Raises queue.Full where there is no room in time, ValueError after `close`, TypeError for what
        is no JSON. `priority` needs `order: priority` in the spec: the lowest comes first."""
        if self._is_closed:
            raise Closed(f'queue {self.name} is closed')
        if timeout is not None:
            timeout = _seconds(timeout)
        item = _to_json(obj, self)
        client = _client
        if priority:
            item += f',"priority":{_to_json(priority, self)}'
        elif client.is_ordered and client.is_bounded.get(self.name) is not None and not _may_be_too_deep(item):
            lease = client.lease()
            if not lease.stream.is_busy:
                if lease.stream.late:
                    # Of several puts that were called off, each may have been answered with a grant: only the last one counts.
                    lease.stream.settle()
                asking = client.feeder.put(lease, self.name, self._params, item, block and timeout is None)
                if asking is None:
                    return
                if asking:
                    self._put_for_credit(lease, item + asking, block, timeout)
                    return
        self._put_and_wait(f'{self._params[:-1]},"item":{item}}}', block, timeout)

    def _put_for_credit(self, lease: _Lease, item: str, block: bool, timeout: float | None) -> None:
        """What was put before comes in with this; the answer says how many may be put without asking."""
        feeder = _client.feeder
        params = _with_timeout(f'{self._params[:-1]},"item":{item}}}', _milliseconds(block, timeout))
        try:
            lease.stream.call(lease.thread, 'queue.put', params, None, lambda result: feeder.renew(self.name, result))
        except TimeoutError as refusal:
            raise _instead(_Full, refusal) from None

    def _put_and_wait(self, params: str, block: bool, timeout: float | None) -> None:
        client = _client
        try:
            client.call('queue.put', _with_timeout(params, _milliseconds(block, timeout)))
        except TimeoutError as refusal:
            raise _instead(_Full, refusal) from None
        if self.name not in client.is_bounded:
            client.is_bounded[self.name] = bool(self._look()['capacity'])

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Raises queue.Empty where nothing came in time, ValueError after `close`, and `EndOfStream`, an
        EOFError, when the queue is empty and nobody can still put."""
        hand: list[Any] = []
        try:
            self._take(hand, block, timeout)
            return hand[0]
        except BaseException:
            # No call before this: signal handlers run between calls, and another one may raise.
            _client.given['queue', self.name].extendleft(hand)
            self._make_room_after(hand)
            raise

    def _take(self, hand: list[Any], block: bool, timeout: float | None) -> None:
        """Takes one item. It is kept from the step on that takes it, wherever something interrupts this."""
        if self._is_closed:
            raise Closed(f'queue {self.name} is closed')
        if timeout is not None:
            timeout = _seconds(timeout)
        loan = _client.loans.get(self.name)
        if loan is not None and not loan.given:
            try:
                hand.extend(islice(loan.takes, 1))
                if loan.makes_room:
                    loan.make_room()
                return
            except IndexError:
                pass
        stream = _client.lease().stream
        if stream.late:
            stream.settle()
        given = _client.given['queue', self.name]
        if given:
            try:
                hand.extend(starmap(given.popleft, _once))
                return
            except IndexError:
                pass
        if loan is None and self._gets_often():
            loan = _client.borrow_from(self.name)
        try:
            self._fetch(hand, given, loan, _milliseconds(block, timeout))
        except TimeoutError as refusal:
            raise _instead(_Empty, refusal) from None

    def _gets_often(self) -> bool:
        """Whether to borrow: to do so for a few items, or for such as come slowly, is not worth a thread."""
        if self._gets % _gets_before_loan == 0:
            now = time.monotonic()
            is_often = self._gets > 0 and now - self._counted_since < _gets_before_loan * _Loan._ahead
            self._counted_since = now
        else:
            is_often = False
        self._gets += 1
        return is_often

    def _fetch(self, hand: list[Any], given: collections.deque[Any], loan: _Loan | None, timeout_ms: float | None) -> None:
        # One thread at a time borrows; the others, and a signal handler that has interrupted it, get one item each.
        if loan is None or _client.lease().stream.is_busy or not loan.is_fetched_by(threading.get_ident()):
            self._ask_for_items('', timeout_ms, _Arrival(hand, given, None))
            return
        try:
            # Another one may have borrowed since this one has looked.
            try:
                hand.extend(islice(loan.takes, 1))
                loan.make_room()
            except IndexError:
                pass
            if not hand:
                while loan.is_going_back:
                    time.sleep(_quick_put)
                borrowing = f',"max":{loan.next_batch()},"taken":{loan.taken()}'
                self._ask_for_items(borrowing, timeout_ms, _Arrival(hand, given, loan))
        finally:
            loan.fetcher.clear()

    def _ask_for_items(self, borrowing: str, timeout_ms: float | None, arrival: _Arrival) -> None:
        params = _with_timeout(f'{self._params[:-1]}{borrowing}}}', timeout_ms)
        try:
            _client.call('queue.get', params, None, lambda result: arrival(result['items']))
        except BaseException:
            arrival.is_given_up = True
            raise

    def _make_room_after(self, hand: list[Any]) -> None:
        """What was taken by a get that was interrupted, and is the next that this process gets, may have made room."""
        loan = _client.loans.get(self.name)
        if hand and loan is not None and loan.makes_room:
            # Even where the program takes nothing more.
            start_new_thread(loan.make_room_after_all, ())

    def __iter__(self) -> Iterator[Any]:
        """Every item until the end of the stream."""
        # No generator: from `_next` to the loop it is one step.
        return iter(self._next, _no_item)

    def _next(self) -> Any:
        hand: list[Any] = []
        try:
            self._take(hand, True, None)
            return hand[0]
        except EndOfStream:
            raise StopIteration from None
        except BaseException:
            # No call before this: signal handlers run between calls, and another one may raise.
            _client.given['queue', self.name].extendleft(hand)
            self._make_room_after(hand)
            raise

    def put_nowait(self, obj: Any) -> None:
        self.put(obj, False)

    def get_nowait(self) -> Any:
        hand: list[Any] = []
        try:
            self._take(hand, False, None)
            return hand[0]
        except BaseException:
            # No call before this: signal handlers run between calls, and another one may raise.
            _client.given['queue', self.name].extendleft(hand)
            self._make_room_after(hand)
            raise

    def _look(self) -> Any:
        return _client.call('queue.look', self._params)

    def qsize(self) -> int:
        """Exact at the moment of the answer."""
        return self._look()['size'] + len(_client.given['queue', self.name])

    def empty(self) -> bool:
        return self.qsize() == 0

    def full(self) -> bool:
        look = self._look()
        return bool(look['capacity']) and look['size'] >= look['capacity']

    def close(self) -> None:
        """This object puts and gets no more.

        The run is told that this instance puts no more, so that consumers may see the end of the stream
        early; not so where the process has forked or has children, which may still put.
        """
        if self._is_closed:
            return
        self._is_closed = True
        if not _others_act_for_this_instance():
            _client.confirm()
            _client.call('queue.close', self._params)
            # What another object of this process puts now is refused, and waits for being told.
            _client.is_bounded[self.name] = None

    def join_thread(self) -> None:
        """Waits until everything that was put is there. Raises AssertionError before `close`."""
        if not self._is_closed:
            raise AssertionError(f'queue {self.name} is not closed')
        _client.confirm()

    def cancel_join_thread(self) -> None:
        """Nothing to be done: what was put is never lost, and waiting for it is short."""

    def __repr__(self) -> str:
        return f'<{type(self).__name__}({self.name})>'


class JoinableQueue(Queue):
    """As `multiprocessing.JoinableQueue`. An item is in hand until `task_done`, where the spec declares
    that for this process; what a process has in hand when it dies is dropped or given to the next one,
    as the spec says, and `join` does not wait for it for ever."""

    def task_done(self) -> None:
        """The item that this instance has in hand longest is done. Raises ValueError where there is none."""
        try:
            _client.call('queue.task_done', self._params)
        except (Refused, NotOwner) as refusal:
            raise _instead(TooManyTasksDone, refusal) from None

    def join(self) -> None:
        """Waits until every item that was put is done."""
        _client.call('queue.join', self._params)


class SimpleQueue:
    """As `multiprocessing.SimpleQueue`: `get` and `put` wait without limit."""

    def __init__(self, name: str) -> None:
        self._queue = Queue(name)
        self.name = name

    def _open(self) -> Queue:
        if self._queue._is_closed:
            raise OSError('handle is closed')
        return self._queue

    def get(self) -> Any:
        queue = self._open()
        hand: list[Any] = []
        try:
            queue._take(hand, True, None)
            return hand[0]
        except BaseException:
            _client.given['queue', self.name].extendleft(hand)
            queue._make_room_after(hand)
            raise

    def put(self, obj: Any) -> None:
        self._open().put(obj)

    def empty(self) -> bool:
        return self._open().empty()

    def close(self) -> None:
        self._queue.close()


class Connection:
    """This process's end of a pipe of the spec, as `multiprocessing.connection.Connection`.

    A send comes before anything that this process asks of the run later. Into a pipe without a capacity it
    does not wait for the answer while the process has one thread that uses mpctl and has not forked: as at
    a pipe of the system, what is sent while the other end closes is lost with it. Where the other end is such a
    process as well, messages that follow each other quickly go there without the run.
    """

    def __init__(self, name: str) -> None:
        self._params = _name_params(name)
        self.name = name
        self._is_closed = False

    def _check_open(self) -> None:
        if self._is_closed:
            raise OSError('handle is closed')

    def send(self, obj: Any) -> None:
        """Raises BrokenPipeError when nobody can still receive, OSError on a closed or receive-only end."""
        self._check_open()
        item = _to_json(obj, self)
        client = _client
        lease = client.lease() if client.is_ordered else None
        if lease is not None and not lease.stream.is_busy and self._send_directly(lease, item):
            return
        params = f'{self._params[:-1]},"item":{item}}}'
        if lease is None or lease.stream.is_busy or not lease.stream.watched_pipes.get(self.name, False):
            self._send_and_wait(params)
            return
        stream = lease.stream
        stream.hear_what_is_there()
        if self.name in stream.ended_pipes:
            raise Broken(f'nobody can still receive from {self.name}')
        if not client.feeder.is_empty:
            client.feeder.flush()
        sends = stream.sends.get(self.name)
        if sends is None or sends.thread != lease.thread:
            # The connection of a thread that has ended may come to another one.
            sends = stream.sends[self.name] = _Sends(lease.thread)
        if sends.are_often():
            sends.open(self._call('pipe.send', f'{params[:-1]},"direct":true}}'))
            return
        stream.is_confirmed = False
        stream.tell(f'{{"jsonrpc":"2.0","thread":{lease.thread},"method":"pipe.send","params":{params}}}\n')

    def _send_directly(self, lease: _Lease, item: str) -> bool:
        """Sends a message without the run; False where that cannot be."""
        stream, thread = lease.stream, lease.thread
        sends = stream.sends.get(self.name)
        if sends is None or sends.outlet is None or sends.thread != thread:
            return False
        # What this thread has asked before is to be there for who receives this.
        if not _client.feeder.is_empty:
            _client.feeder.flush()
        if not stream.is_confirmed:
            stream.confirm(thread)
        stream.is_busy = True
        try:
            # What the run could refuse, it is asked.
            is_certain = 2 * len(item) < stream.max_frame_bytes and not _may_be_too_deep(item)
            if is_certain and sends.outlet.put(item, stream, thread):
                return True
            sends.give_up()
            return False
        finally:
            stream.is_busy = False

    def _send_and_wait(self, params: str) -> None:
        self._call('pipe.send', params)
        client = _client
        if not client.is_ordered:
            return
        # From now on a send into a pipe without a capacity only has to know that the other end is open.
        stream = client.lease().stream
        if not stream.is_busy and self.name not in stream.watched_pipes:
            look = client.call('pipe.watch', self._params)
            stream.watched_pipes[self.name] = look['capacity'] is None
            if look['ended']:
                stream.ended_pipes.add(self.name)

    def recv(self) -> Any:
        """Raises EOFError when nothing is left and the peer is gone, OSError on a closed or send-only end."""
        self._check_open()
        given = _client.given['pipe', self.name]
        hand: list[Any] = []
        try:
            self._take(hand, given)
            return hand[0]
        except BaseException:
            given.extendleft(hand)
            raise

    def _take(self, hand: list[Any], given: collections.deque[Any]) -> None:
        """Takes one message. It is kept from the step on that takes it, wherever something interrupts this."""
        client = _client
        lease = client.lease()
        stream = lease.stream
        if stream.late:
            stream.settle()
        if given:
            try:
                hand.extend(starmap(given.popleft, _once))
                return
            except IndexError:
                pass
        ahead = stream.ahead.get(self.name)
        if ahead is None or ahead.thread != lease.thread:
            # The connection of a thread that has ended may come to another one.
            ahead = stream.ahead[self.name] = _Ahead(lease.thread)
        if stream.is_busy or not (client.is_ordered or ahead.is_between):
            ahead.stop(is_slow=False)
            self._ask(hand, given, self._params)
            return
        if ahead.is_on or ahead.is_between:
            self._take_ahead(ahead, lease, hand)
        if hand:
            return
        if ahead.receives_often() and ahead.open(self.name):
            self._ask(hand, given, f'{self._params[:-1]},"ahead":true}}')
            ahead.begin()
        else:
            self._ask(hand, given, self._params)

    def _take_ahead(self, ahead: _Ahead, lease: _Lease, hand: list[Any] | collections.deque[Any]) -> None:
        stream = lease.stream
        stream.is_busy = True
        try:
            if ahead.wait(stream, self.name):
                ahead.take(stream, lease.thread, hand)
        finally:
            stream.is_busy = False

    def _ask(self, hand: list[Any], given: collections.deque[Any], params: str) -> None:
        arrival = _Arrival(hand, given, None)
        try:
            self._call('pipe.recv', params, lambda message: arrival([message]))
        except BaseException:
            arrival.is_given_up = True
            raise

    def _call(self, method: str, params: str, took: Callable[[Any], None] | None = None) -> Any:
        try:
            return _client.call(method, params, None, took)
        except (NotOwner, Closed) as refusal:
            raise OSError(str(refusal)) from refusal

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Whether `recv` would not wait: a message is there or, as in Python, the end of the stream."""
        self._check_open()
        if timeout is not None:
            timeout = _seconds(timeout)
        given = _client.given['pipe', self.name]
        if given:
            return True
        lease = _client.lease()
        stream = lease.stream
        ahead = stream.ahead.get(self.name)
        if ahead is not None and ahead.is_between and not stream.is_busy:
            self._take_ahead(ahead, lease, given)
            if given:
                return True
        if ahead is not None and ahead.is_on and _client.is_ordered and not stream.is_busy and ahead.is_there(stream):
            return True
        if ahead is not None:
            ahead.stop(is_slow=False)
        return self._call('pipe.poll', _with_timeout(self._params, _milliseconds(True, timeout)))

    def close(self) -> None:
        """Closes this end for both directions; not for the run where the process has forked or has
        children, which may still use it."""
        if self._is_closed:
            return
        self._is_closed = True
        if not _others_act_for_this_instance():
            _client.call('pipe.close', self._params)

    @property
    def closed(self) -> bool:
        return self._is_closed

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f'<Connection({self.name}{", closed" if self._is_closed else ""})>'


def Pipe(name: str) -> Connection:  # noqa: N802 - the name that multiprocessing gives it
    """The end of a pipe of the spec that belongs to this process."""
    return Connection(name)


# ---------------------------------------------------------------------------------------------
# Values
# ---------------------------------------------------------------------------------------------


class Value:
    """A value of the spec: any JSON, shared.

    `value` reads and writes as in `multiprocessing.Value`, and `+=` on it is two steps there and here;
    `add` and `compare_and_set` are one. `lock` is what `get_lock` gives and `with` takes.
    """

    def __init__(self, name: str, *, lock: str | _BaseLock | None = None) -> None:
        self._params = _name_params(name)
        self.name = name
        self._lock = RLock(lock) if isinstance(lock, str) else lock

    @property
    def value(self) -> Any:
        return _client.call('value.get', self._params)

    @value.setter
    def value(self, item: Any) -> None:
        _client.call('value.set', f'{self._params[:-1]},"item":{_to_json(item, self)}}}')

    def add(self, by: float = 1) -> float:
        """Adds in one step and returns the sum. Raises `Refused` where the value is no number."""
        return _client.call('value.add', f'{self._params[:-1]},"by":{_to_json(by, self)}}}')

    def compare_and_set(self, expected: Any, item: Any) -> bool:
        """Stores the item in one step where the value equals `expected`, and returns whether it did."""
        params = f'{self._params[:-1]},"expected":{_to_json(expected, self)},"item":{_to_json(item, self)}}}'
        return _client.call('value.compare_and_set', params)

    def get_lock(self) -> _BaseLock:
        if self._lock is None:
            raise AttributeError(f'a value of the spec has no lock of its own: mpctl.Value({self.name!r}, lock=NAME) with a lock of the spec')
        return self._lock

    def get_obj(self) -> Value:
        return self

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        return self.get_lock().acquire(block, timeout)

    def release(self) -> None:
        self.get_lock().release()

    def __enter__(self) -> bool:
        return self.get_lock().acquire()

    def __exit__(self, *_exception: Any) -> None:
        self.get_lock().release()

    def __repr__(self) -> str:
        return f'<Value({self.name}, {self.value!r})>'


# ---------------------------------------------------------------------------------------------
# Pools
# ---------------------------------------------------------------------------------------------

_results_at_once = 64


class AsyncResult:
    """What `apply_async` gives, as `multiprocessing.pool.AsyncResult`. It never waits for a lost task:
    every task has a fate."""

    def __init__(self, pool: str, tasks: list[int], is_list: bool) -> None:
        self._params = _name_params(pool)
        self._tasks = tasks
        self._is_list = is_list
        self._outcomes: list[dict[str, Any]] = []

    def _fetch(self, timeout: float | None) -> None:
        """Waits for the fate of every task. Raises TimeoutError; what has come stays known."""
        deadline = None if timeout is None else time.monotonic() + _seconds(timeout)
        while len(self._outcomes) < len(self._tasks):
            task = self._tasks[len(self._outcomes)]
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            params = f'{self._params[:-1]},"task":{task}}}'
            self._outcomes.append(_client.call('pool.result', _with_timeout(params, _milliseconds(True, left))))

    def get(self, timeout: float | None = None) -> Any:
        """The value, or for `map_async` the list of them in order. Raises multiprocessing.TimeoutError, or
        `TaskFailed` for the first task that did not succeed, once every task has its fate."""
        self._fetch(timeout)
        values = [_value_of(task, outcome) for task, outcome in zip(self._tasks, self._outcomes)]
        return values if self._is_list else values[0]

    def wait(self, timeout: float | None = None) -> None:
        try:
            self._fetch(timeout)
        except TimeoutError:
            pass

    def ready(self) -> bool:
        self.wait(0)
        return len(self._outcomes) == len(self._tasks)

    def successful(self) -> bool:
        """Raises ValueError while it is not ready."""
        if not self.ready():
            raise ValueError(f'{self!r} is not ready')
        return all(outcome['fate'] == 'succeeded' for outcome in self._outcomes)

    def __repr__(self) -> str:
        return f'<AsyncResult(tasks={self._tasks[:3]}{"…" if len(self._tasks) > 3 else ""})>'


def _value_of(task: int, outcome: dict[str, Any]) -> Any:
    if outcome['fate'] != 'succeeded':
        raise TaskFailed(task, outcome['fate'], outcome.get('why'))
    return outcome.get('value')


class _Results:
    """What `imap` gives: an iterator whose `next` takes a timeout."""

    def __iter__(self) -> _Results:
        return self

    def __next__(self) -> Any:
        return self.next()

    def next(self, timeout: float | None = None) -> Any:
        raise NotImplementedError


class _OrderedResults(_Results):
    def __init__(self, results: _UnorderedResults) -> None:
        self._results = results
        # What has come before its turn, by its place in the input.
        self._early: dict[int, dict[str, Any]] = {}
        self._next = 0

    def next(self, timeout: float | None = None) -> Any:
        while self._next not in self._early:
            place, answer = self._results._next_answer(timeout)
            self._early[place] = answer
        answer = self._early.pop(self._next)
        self._next += 1
        return self._results._hand_over(answer)


class _ListResults(_Results):
    """Values in order, of items that are all there: needs no connection of its own."""

    def __init__(self, pool: Pool, items: Iterable[Any]) -> None:
        self._pool = pool
        self._items = iter(items)
        self._results: collections.deque[AsyncResult] = collections.deque()
        self._submit()

    def _submit(self) -> None:
        for item in self._items:
            self._results.append(self._pool.apply_async(item))
            if len(self._results) >= _results_at_once:
                return

    def next(self, timeout: float | None = None) -> Any:
        if not self._results:
            raise StopIteration
        # Left in its place until its fate is known: after a TimeoutError the same result is next.
        self._results[0]._fetch(timeout)
        result = self._results.popleft()
        for item in self._items:
            self._results.append(self._pool.apply_async(item))
            break
        return result.get()


class _UnorderedResults(_Results):
    """Asks for the results of many tasks at once, on a connection of its own, and takes what comes first."""

    def __init__(self, pool: Pool, items: Iterable[Any]) -> None:
        self._feed = _Feed(pool, items)
        self._feed.begin(in_thread=not isinstance(items, collections.abc.Sized))

    def next(self, timeout: float | None = None) -> Any:
        return self._hand_over(self._next_answer(timeout)[1])

    def _next_answer(self, timeout: float | None) -> tuple[int, dict[str, Any]]:
        """The place in the input of the task that has ended next, and what became of it."""
        feed = self._feed
        while True:
            if feed.is_over and not feed.asked:
                failure, feed.failure = feed.failure, None
                raise StopIteration if failure is None else failure
            answer = self._read(timeout)
            number = answer.get('id')
            if number == feed.end:
                feed.is_over = True
            elif number in feed.asked:
                return feed.asked.pop(number), answer
            else:
                # Of whoever had this connection before.
                feed.stream._note(number or 0, answer)

    def _hand_over(self, answer: dict[str, Any]) -> Any:
        self._feed.handed_over()
        if 'error' in answer:
            raise _exception(answer['error'])
        return _value_of(self._feed.tasks.pop(answer['id']), answer['result'])

    def _read(self, timeout: float | None) -> dict[str, Any]:
        stream = self._feed.stream
        seconds = None if timeout is None else _seconds(timeout)
        if seconds is not None and not stream.has_line():
            stream.socket.settimeout(max(0.000001, seconds))
        try:
            return stream.read()
        except ConnectionLost as lost:
            if not isinstance(lost.__cause__, socket.timeout):
                raise
            stream.is_lost = False
            raise TimeoutError('no task has ended in time') from None
        finally:
            stream.socket.settimeout(None)

    def __del__(self) -> None:
        try:
            feed = self._feed
        except AttributeError:
            return
        feed.stop()


class _Feed:
    """Submits items, so many ahead of the results that were handed over, and asks for what becomes of them.

    Items that come one by one, and may depend on results, are submitted as they come, by a thread as in
    multiprocessing; what their iterator raises comes after the results of those before.
    """

    def __init__(self, pool: Pool, items: Iterable[Any]) -> None:
        self.stream = _client.take()
        # Places in the input, and tasks, by the request for their results.
        self.asked: dict[int, int] = {}
        self.tasks: dict[int, int] = {}
        # The request whose answer says that there are no more items.
        self.end: int | None = None
        self.is_over = False
        self.failure: BaseException | None = None
        self._client = _client
        self._pool = pool
        self._items = enumerate(items)
        self._thread = threading.get_ident()
        self._window = threading.Semaphore(_results_at_once)
        self._has_thread = False
        self._is_stopped = False
        # Those that use the connection: whoever goes last gives it back. Reentrant for the garbage collector.
        self._leaving = threading.RLock()
        self._users = 1

    def begin(self, in_thread: bool) -> None:
        if in_thread:
            self._users += 1
            self._has_thread = True
            start_new_thread(self._submit_all, ())
            return
        while not self.is_over and len(self.asked) < _results_at_once:
            self._submit_next()

    def handed_over(self) -> None:
        if self._has_thread:
            self._window.release()
        elif not self.is_over:
            self._submit_next()

    def _submit_next(self) -> None:
        for place, item in self._items:
            self._submit(place, item)
            return
        self.is_over = True

    def _submit(self, place: int, item: Any) -> None:
        task = self._pool._submit([item])[0]
        # Known before the answer may come.
        number = self.stream.last_id + 1
        self.tasks[number] = task
        self.asked[number] = place
        self.stream.ask(self._thread, 'pool.result', f'{self._pool._params[:-1]},"task":{task}}}')

    def _submit_all(self) -> None:
        try:
            for place, item in self._items:
                self._window.acquire()
                if self._is_stopped:
                    return
                self._submit(place, item)
        except BaseException as error:
            self.failure = error
        finally:
            self._tell_end()
            self._leave()

    def _tell_end(self) -> None:
        try:
            self.end = self.stream.last_id + 1
            self.stream.ask(self._thread, 'cancel', '{"id":0}')
        except Error:
            # Whoever reads hears of it as well.
            pass

    def stop(self) -> None:
        self._is_stopped = True
        self._window.release()
        self._leave()

    def _leave(self) -> None:
        with self._leaving:
            self._users -= 1
            if self._users > 0 or self._client is not _client or self.stream.is_lost:
                return
        try:
            for number in self.asked:
                self.stream.late[number] = None
                self.stream.tell(f'{{"jsonrpc":"2.0","method":"cancel","params":{{"id":{number}}}}}\n')
        except Error:
            return
        self._client.free.append(self.stream)


class Pool:
    """A pool of the spec. What it does with an item is said there, so its methods take items where those of
    `multiprocessing.Pool` take a function. A task that did not succeed raises `TaskFailed`.

    A `with` terminates it on the way out, as Python's does: that ends the pool of the spec, for whoever else submits
    to it, too, and needs `uses: {NAME: [submit, start]}`. Without `with` it goes on, and needs `uses: {NAME: submit}`."""

    def __init__(self, name: str) -> None:
        self._params = _name_params(name)
        self.name = name
        self._is_running = True

    def _refuse_function(self, given: Any) -> None:
        """Python's methods begin with a function, which a pool of the spec has already."""
        if callable(given) and not isinstance(given, collections.abc.Iterable):
            instead = 'what it does with an item is its `command`, `worker` or `steps` in the spec'
            raise TypeError(f'pool {self.name} takes items and no function: {instead}')

    def _submit(self, items: list[Any]) -> list[int]:
        self._check_running()
        tasks: list[int] = []
        texts = [_to_json(item, self) for item in items]
        most = _client.lease().stream.max_frame_bytes // 4
        while texts:
            size, count = 0, 0
            while count < len(texts) and (count == 0 or size + len(texts[count]) < most):
                size += len(texts[count])
                count += 1
            params = f'{self._params[:-1]},"items":[{",".join(texts[:count])}]}}'
            tasks += _client.call('pool.submit', params)['tasks']
            del texts[:count]
        return tasks

    def apply(self, item: Any) -> Any:
        """Submits one item and waits for its value."""
        return self.apply_async(item).get()

    def apply_async(
        self,
        item: Any,
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> AsyncResult:
        """Submits one item. The callbacks are called in a thread of their own."""
        self._refuse_function(item)
        result = AsyncResult(self.name, self._submit([item]), is_list=False)
        return _with_callbacks(result, callback, error_callback)

    def map(self, iterable: Iterable[Any], chunksize: int | None = None) -> list[Any]:
        """Submits all items and waits for all values, in their order. `chunksize` is the spec's `chunk`."""
        return self.map_async(iterable, chunksize).get()

    def map_async(
        self,
        iterable: Iterable[Any],
        chunksize: int | None = None,
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> AsyncResult:
        self._refuse_function(iterable)
        result = AsyncResult(self.name, self._submit(list(iterable)), is_list=True)
        return _with_callbacks(result, callback, error_callback)

    def starmap(self, iterable: Iterable[Iterable[Any]], chunksize: int | None = None) -> list[Any]:
        """As `map`; each item is the list of the arguments that Python's would call its function with."""
        return self.starmap_async(iterable, chunksize).get()

    def starmap_async(
        self,
        iterable: Iterable[Iterable[Any]],
        chunksize: int | None = None,
        callback: Callable[[Any], Any] | None = None,
        error_callback: Callable[[BaseException], Any] | None = None,
    ) -> AsyncResult:
        self._refuse_function(iterable)
        return self.map_async((list(arguments) for arguments in iterable), chunksize, callback, error_callback)

    def imap(self, iterable: Iterable[Any], chunksize: int = 1) -> _Results:
        """An iterator over the values in order. Takes few items ahead, so the input may be endless."""
        self._check_imap(iterable, chunksize)
        if isinstance(iterable, collections.abc.Sized):
            return _ListResults(self, iterable)
        return _OrderedResults(_UnorderedResults(self, iterable))

    def imap_unordered(self, iterable: Iterable[Any], chunksize: int = 1) -> _Results:
        """As `imap`, in the order in which the tasks end."""
        self._check_imap(iterable, chunksize)
        return _UnorderedResults(self, iterable)

    def _check_imap(self, iterable: Iterable[Any], chunksize: int) -> None:
        self._refuse_function(iterable)
        self._check_running()
        if chunksize < 1:
            raise ValueError(f'chunksize has to be 1 or more, not {chunksize}')

    def _check_running(self) -> None:
        if not self._is_running:
            raise ValueError(f'pool {self.name} is not running')

    def close(self) -> None:
        """This instance submits no more."""
        if self._is_running:
            self._is_running = False
            _client.call('pool.close', self._params)

    def terminate(self) -> None:
        """Ends the pool without finishing its tasks."""
        self._is_running = False
        _client.call('pool.terminate', self._params)

    def join(self) -> None:
        """Waits for its end. Raises ValueError before `close` or `terminate`."""
        if self._is_running:
            raise ValueError(f'pool {self.name} is still running')
        _client.call('pool.join', self._params)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_exception: Any) -> None:
        self.terminate()

    def __repr__(self) -> str:
        return f'<Pool({self.name})>'


def _with_callbacks(
    result: AsyncResult,
    callback: Callable[[Any], Any] | None,
    error_callback: Callable[[BaseException], Any] | None,
) -> AsyncResult:
    if callback is None and error_callback is None:
        return result

    def tell() -> None:
        # Its own result object: this one belongs to the thread that asked.
        own = AsyncResult('-', result._tasks, result._is_list)
        own._params = result._params
        try:
            value = own.get()
        except Exception as error:
            if error_callback is not None:
                error_callback(error)
        else:
            if callback is not None:
                callback(value)

    threading.Thread(target=tell, name='mpctl-callback', daemon=True).start()
    return result


# ---------------------------------------------------------------------------------------------
# Processes and the run
# ---------------------------------------------------------------------------------------------


class Process:
    """A process of the spec, or one of its instances, by name; as `multiprocessing.Process` after its
    construction. What a process of several instances has once for each of them, `pid` and `exitcode`,
    needs the name of an instance."""

    def __init__(self, name: str) -> None:
        self._params = _name_params(name)
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def _instances(self) -> list[dict[str, Any]]:
        every = _client.call('process.list', '{}')
        found = [entry for entry in every if entry['name'] == self._name]
        found = found or [entry for entry in every if entry['process'] == self._name]
        if not found:
            raise NoSuchProcess(f'the spec has no process `{self._name}`')
        return found

    def _instance(self) -> dict[str, Any]:
        instances = self._instances()
        if len(instances) > 1:
            names = ', '.join(entry['name'] for entry in instances)
            raise NoSuchProcess(f'`{self._name}` has several instances: {names}')
        return instances[0]

    def _call(self, method: str, params: str) -> Any:
        try:
            return _client.call(method, params)
        except NotFound as refusal:
            raise _instead(NoSuchProcess, refusal) from None

    def start(self) -> None:
        """Starts a process with `autostart: false`, or one that has ended. Raises AssertionError where it is alive."""
        try:
            self._call('process.start', self._params)
        except Refused as refusal:
            raise _instead(AlreadyStarted, refusal) from None

    def join(self, timeout: float | None = None) -> None:
        """Waits until it has ended for good. Returns None also when the time is over, as in Python."""
        try:
            self._call('process.join', _with_timeout(self._params, _milliseconds(True, timeout)))
        except TimeoutError:
            pass

    def terminate(self) -> None:
        self._call('process.terminate', self._params)

    def kill(self) -> None:
        self._call('process.kill', self._params)

    def is_alive(self) -> bool:
        """Whether it, or one of its instances, is alive."""
        return any(entry['is_alive'] for entry in self._instances())

    @property
    def pid(self) -> int | None:
        return self._instance()['pid']

    @property
    def ident(self) -> int | None:
        return self.pid

    @property
    def exitcode(self) -> int | None:
        """None while it runs, N, or -N when signal N ended it."""
        return self._instance()['exitcode']

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Process) and other._name == self._name

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        return f'<Process({self._name})>'


class _CurrentProcess(Process):
    """The instance that this program is. Its `pid` is that of the calling process, a forked one too."""

    def _instances(self) -> list[dict[str, Any]]:
        try:
            return super()._instances()
        except NoSuchProcess:
            # A task of a pool is in no list of processes.
            return [{'name': self.name, 'is_alive': True, 'pid': os.getpid(), 'exitcode': None}]

    @property
    def pid(self) -> int | None:
        return os.getpid()


def current_process() -> Process:
    """The instance that this program is."""
    name = os.environ.get('MPCTL_PROCESS')
    if not name:
        raise NotInsideRun('this program was not started by mpctl: MPCTL_PROCESS is not set')
    return _CurrentProcess(name)


def active_children() -> list[Process]:
    """Every other instance of the run that is alive."""
    own = os.environ.get('MPCTL_PROCESS')
    return [
        Process(entry['name'])
        for entry in _client.call('process.list', '{}')
        if entry['is_alive'] and entry['name'] != own
    ]


def cpu_count() -> int:
    count = os.cpu_count()
    if count is None:
        raise NotImplementedError('the number of CPUs is not known')
    return count


def ready() -> None:
    """Tells the run that this process is ready, for `readiness_probe: {notify: true}`."""
    _client.call('run.ready', '{}')


def shutdown(code: int = 0) -> None:
    """Asks mpctl to end the whole run with that exit code."""
    _client.call('run.shutdown', f'{{"code":{code:d}}}')


# ---------------------------------------------------------------------------------------------
# The worker of a pool
# ---------------------------------------------------------------------------------------------

# As much as a pipe holds; more would be memory of its own for each block.
_block_bytes = 64 * 1024
# A task that takes so long, in seconds, keeps no other one waiting behind it.
_long_task = 0.005


def serve(function: Callable[[Any], Any]) -> None:
    """Makes this program the `worker` of a pool: calls the function with the item of each task, one after
    the other, and answers with what it returns or raises. Returns when the pool has no more tasks.

    Whatever the function or its children print goes to standard error, since standard output is for the
    answers; standard input is empty for them. On Linux it runs by `SCHED_BATCH`, unless it has a policy of its own.
    """
    _give_way()
    given = _GivenTasks(*_take_streams())
    try:
        while True:
            line = given.take()
            if line is None:
                return
            request = _read_direct(line.decode())[0]
            # Each answer goes before the next task is begun: nobody knows how long that takes.
            given.answer(_answer_to(request['task'], request['item'], function))
    finally:
        given.close()


class _GivenTasks:
    """The tasks that this worker was given. Of trivial ones it is given some ahead; when one takes long after
    all, those that wait behind it are given back, so that another worker gets them.
    """

    def __init__(self, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink
        self._lines: collections.deque[bytes] = collections.deque()
        self._rest = b''
        # Held to take a task, to answer it and to give others back, so that none is given back that was begun.
        self._lock = _allocate_lock()
        self._is_busy = False
        # How many were taken, and whether a thread looks whether that goes on.
        self._taken = 0
        self._is_watched = False

    def take(self) -> bytes | None:
        """The next task, waited for; None where none will come any more."""
        lines = self._lines
        while True:
            with self._lock:
                if lines:
                    line = lines.popleft()
                    self._taken += 1
                    self._is_busy = True
                    is_unwatched = len(lines) > 0 and not self._is_watched
                    self._is_watched = self._is_watched or is_unwatched
                    break
            if not self._read():
                return None
        if is_unwatched:
            start_new_thread(self._watch, ())
        return line

    def answer(self, line: bytes) -> None:
        with self._lock:
            self._is_busy = False
            self._write(line)

    def close(self) -> None:
        """Nobody need wait for an answer any more, though other threads may keep the program alive."""
        with self._lock:
            self._is_busy = False
            self._lines.clear()
            os.close(self._sink)

    def _write(self, line: bytes) -> None:
        written = os.write(self._sink, line)
        while written < len(line):
            written += os.write(self._sink, line[written:])

    def _read(self) -> bool:
        block = os.read(self._source, _block_bytes)
        *lines, self._rest = (self._rest + block).split(b'\n')
        self._lines.extend(lines)
        return len(block) > 0

    def _watch(self) -> None:
        """Lives only while something waits: a program that does nothing but wait in mpctl must be seen to do so."""
        taken, is_suspected = self._taken, False
        while True:
            time.sleep(_long_task)
            if self._taken != taken:
                taken, is_suspected = self._taken, False
                if not self._is_still_needed():
                    return
            elif not is_suspected:
                # The whole process may have been waiting for a core.
                is_suspected = True
            elif not self._give_back(taken):
                return

    def _is_still_needed(self) -> bool:
        # Under the lock, as all that is decided of `_is_watched`: a task that was taken in between would be
        # taken for watched, and keep those behind it.
        with self._lock:
            self._is_watched = len(self._lines) > 0
            return self._is_watched

    def _give_back(self, taken: int) -> bool:
        with self._lock:
            # Otherwise it goes on, or waits for its next task.
            if not self._is_busy or self._taken != taken:
                self._is_watched = len(self._lines) > 0
                return self._is_watched
            while select.select([self._source], [], [], 0)[0] and self._read():
                pass
            tasks = [_read_direct(line.decode())[0]['task'] for line in self._lines]
            self._lines.clear()
            if tasks:
                self._write(f'{{"return":{_encode(tasks)}}}\n'.encode())
            self._is_watched = len(tasks) > 0
            return self._is_watched


def _give_way() -> None:
    """Whoever wakes this program goes on (`SCHED_BATCH`, sched(7)). mpctl wakes several workers one after the other, and each
    of them would stop it at once to take its task, which costs more than a short task does.
    """
    if not hasattr(os, 'SCHED_BATCH') or os.sched_getscheduler(0) != os.SCHED_OTHER:
        return
    try:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    except OSError:
        pass  # A sandbox need not let it.


def _take_streams() -> tuple[int, int]:
    """Where the tasks come from and the answers go, as nobody else has them from now on."""
    source, sink = os.dup(0), os.dup(1)
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    return source, sink


def _answer_to(task: int, item: Any, function: Callable[[Any], Any]) -> bytes:
    try:
        return f'{{"task":{task},"result":{_result_text(function(item))}}}\n'.encode()
    except Exception as error:
        import traceback  # Few programs need it, and it takes a while to load.

        traceback.print_exc()
        name, text = type(error).__name__, str(error)
        what = _encode(f'{name}: {text}' if text else name)
        return f'{{"task":{task},"error":{what}}}\n'.encode()


def _result_text(result: Any) -> str:
    if type(result) is int and -_largest_integer <= result <= _largest_integer:
        return repr(result)
    text = _encode(result)
    if _many_digits.search(text) is not None:
        _refuse_large_integers(result)
    if _may_be_too_deep(text):
        raise ValueError('the result has too many lists and dicts within each other')
    return text


def _main() -> NoReturn:
    try:
        name = current_process().name
        is_alive = current_process().is_alive()
    except NotInsideRun as error:
        print(f'mpctl: {error}', file=sys.stderr)
        sys.exit(69)
    except Error as error:
        print(f'mpctl: {error}', file=sys.stderr)
        sys.exit(4)
    print(f'{name} of run {os.environ.get("MPCTL_RUN_ID")}{"" if is_alive else ", which has ended"}')
    sys.exit(0)


if __name__ == '__main__':
    _main()
