"""Process 1 of the PID namespace of one case.

It starts what it is told to, on files or on a terminal of its own, reaps what is left to it, and says how each thing
that it has started ended, as the wait status has it. Orders and answers are JSON lines on descriptor 3; at the end of
those it ends, and the namespace with it. With the argument `no-reaper` it leaves the zombies of others alone, as a
container without an init does.
"""

import fcntl
import json
import os
import pty
import selectors
import signal
import socket
import struct
import sys
import termios
from typing import Any, Dict

REAPS = 'no-reaper' not in sys.argv
# What the tests themselves were started with is no part of a case.
os.closerange(4, 4096)
control = socket.socket(fileno=3)
control.set_inheritable(False)
selector = selectors.DefaultSelector()
#: Terminal of each process that has one, by its pid.
terminals: Dict[int, int] = {}
#: What a terminal shows goes to this file.
screens: Dict[int, int] = {}
#: Started and not yet reaped.
started: Dict[int, None] = {}


def say(word: Dict[str, Any]) -> None:
    control.sendall(json.dumps(word).encode() + b'\n')


def set_size(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


def become(order: Dict[str, Any], slave: int) -> None:
    """In the child: never returns."""
    try:
        os.setsid()
        if slave >= 0:
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number, name in enumerate(('stdin', 'stdout', 'stderr')):
            path = order.get(name)
            if path is not None:
                flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
                opened = os.open(path, flags, 0o644)
                os.dup2(opened, number)
            elif slave >= 0:
                os.dup2(slave, number)
            else:
                os.close(number)
        # What an interpreter ignores would be ignored by everything that it starts.
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.chdir(order['cwd'])
        os.execvpe(order['argv'][0], order['argv'], order['env'])
    finally:
        os._exit(127)


def fork_as(wanted: int) -> int:
    """A fork whose child has the pid that is wanted; nobody else may have it."""
    for _ in range(1000):
        with open('/proc/sys/kernel/ns_last_pid', 'w') as last:
            last.write(str(wanted - 1))
        pid = os.fork()
        if pid == 0 and os.getpid() != wanted:
            os._exit(0)
        if pid in (0, wanted):
            return pid
        os.waitpid(pid, 0)
    raise RuntimeError('somebody always takes it')


def start(order: Dict[str, Any]) -> Dict[str, Any]:
    master = slave = -1
    size = order.get('terminal')
    if size is not None:
        master, slave = pty.openpty()
        set_size(master, size['columns'], size['rows'])
    # At its end as soon as there is a program that signals and keys reach.
    executed, held = os.pipe2(os.O_CLOEXEC)
    pid = fork_as(order['wanted']) if 'wanted' in order else os.fork()
    if pid == 0:
        become(order, slave)
    os.close(held)
    os.read(executed, 1)
    os.close(executed)
    started[pid] = None
    if size is not None:
        os.close(slave)
        terminals[pid] = master
        screens[master] = os.open(size['screen'], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        selector.register(master, selectors.EVENT_READ, read_terminal)
    return {'pid': pid}


def close_terminal(master: int) -> None:
    selector.unregister(master)
    os.close(screens.pop(master))
    os.close(master)
    for pid in [pid for pid, terminal in terminals.items() if terminal == master]:
        del terminals[pid]


def read_terminal(master: int) -> None:
    try:
        data = os.read(master, 65536)
    except OSError:
        data = b''
    if data:
        os.write(screens[master], data)
    else:
        close_terminal(master)


def send(order: Dict[str, Any]) -> Dict[str, Any]:
    try:
        for _ in range(order.get('times', 1)):
            for number in order['signals']:
                os.kill(order['pid'], number)
    except ProcessLookupError:
        return {'sent': False}
    return {'sent': True}


def carry_out(order: Dict[str, Any]) -> Dict[str, Any]:
    what = order['do']
    if what == 'start':
        return start(order)
    if what == 'signal':
        return send(order)
    if what == 'type':
        os.write(terminals[order['pid']], order['text'].encode())
    elif what == 'resize':
        set_size(terminals[order['pid']], order['columns'], order['rows'])
    elif what == 'hang_up':
        close_terminal(terminals[order['pid']])
    else:
        raise ValueError(what)
    return {}


unread = b''


def read_orders(_descriptor: int) -> None:
    global unread
    data = control.recv(65536)
    if not data:
        sys.exit(0)
    *lines, unread = (unread + data).split(b'\n')
    for line in lines:
        order = json.loads(line)
        try:
            answer = carry_out(order)
        except Exception as error:  # The test is told, and not this process's end.
            answer = {'error': repr(error)}
        say({'answers': order['id'], **answer})


def reap(pid: int) -> bool:
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return False
    if ended in started:
        del started[ended]
        if ended in terminals:
            drain(terminals[ended])
        say({'ended': ended, 'status': status})
    return ended != 0


def drain(master: int) -> None:
    """What the process has still written on its terminal is there before its end is told."""
    os.set_blocking(master, False)
    try:
        while True:
            data = os.read(master, 65536)
            if not data:
                break
            os.write(screens[master], data)
    except OSError:
        pass
    os.set_blocking(master, True)


def reap_all(woken: int) -> None:
    os.read(woken, 4096)
    if REAPS:
        while reap(-1):
            pass
    else:
        for pid in list(started):
            reap(pid)


woken, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
signal.set_wakeup_fd(wakes)
signal.signal(signal.SIGCHLD, lambda *_: None)
selector.register(control, selectors.EVENT_READ, read_orders)
selector.register(woken, selectors.EVENT_READ, reap_all)
say({'up': True})
while True:
    for key, _ in selector.select():
        if key.fd in selector.get_map():
            key.data(key.fd)
