"""The table of conformance: rows of what CPython's documentation and tests say, each a function.

A row is a process of a spec of its own kind, in a run of mpctl; its primitives carry its name, so that
the rows of a kind share one run without sharing anything in it. Other parties of a row are further
processes of the same spec, or what the row forks or starts as threads itself.
"""

import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / 'src' / 'client' / 'python'))

import mpctl  # noqa: E402 - found by the line above, without an installation

# What a wait for an event may take before it counts as lost, in seconds.
DEADLINE = 90.0
# A pause between two looks at a state that somebody else changes.
LOOK_EVERY = 0.005

_sections = ('locks', 'semaphores', 'events', 'conditions', 'barriers', 'queues', 'pipes', 'values', 'pools')
# Every use that a kind of primitive has to declare; a row that declares its own overrides these.
_verbs = {
    'events': ['set'],
    'conditions': ['notify'],
    'barriers': ['wait'],
    'queues': ['put', 'get'],
    'pools': ['submit'],
}

rows = {}


class Row:
    """One line of the table, and what the spec needs for it."""

    def __init__(self, kind, call, situation, outcome, function, covers, parties, uses, needs, extra):
        self.kind = kind
        self.call = call
        self.situation = situation
        self.outcome = outcome
        self.function = function
        self.name = function.__name__
        self.covers = covers
        self.parties = parties
        self.uses = uses
        self.needs = needs
        self.extra = extra

    def n(self, name):
        """The name in the spec of what this row calls `name`."""
        return f'{self.name}_{name}'

    def _own(self, value):
        """The same value with the names of this row for those that begin with `@`."""
        if isinstance(value, str):
            return self.n(value[1:]) if value.startswith('@') else value
        if isinstance(value, dict):
            return {self._own(key): self._own(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._own(item) for item in value]
        return value

    def _uses(self, party):
        declared = self.uses.get(party)
        if declared is None:
            declared = {f'@{name}': _verbs[section] for section in _verbs for name in self.needs.get(section, {})}
        return self._own(declared)

    def add_to(self, spec, command):
        for section, things in self.needs.items():
            spec.setdefault(section, {}).update({self.n(name): self._own(thing) for name, thing in things.items()})
        parties = {'': {}, **{f'_{party}': options for party, (_, options) in self.parties.items()}}
        for party, options in parties.items():
            spec['processes'][self.name + party] = {
                'command': [*command, self.name, *([party[1:]] if party else [])],
                'uses': self._uses(party[1:]),
                'timeout': '100s',
                **self._own(options),
            }
        spec['processes'].update(self._own(self.extra))


def row(kind, call, situation, outcome, covers=(), parties=None, uses=None, extra=None, **needs):
    """Puts a function into the table. `needs` are sections of the spec; `@NAME` in them is this row's NAME."""
    unknown = set(needs) - set(_sections)
    assert not unknown, unknown

    def add(function):
        assert function.__name__ not in rows, function.__name__
        rows[function.__name__] = Row(
            kind, call, situation, outcome, function, list(covers), parties or {}, uses or {}, needs, extra or {}
        )
        return function

    return add


def spec_of(kind, command):
    """The spec of a run of all rows of a kind."""
    spec = {'name': f'python-{kind}', 'on_failure': 'continue', 'processes': {}}
    for one in rows.values():
        if one.kind == kind:
            one.add_to(spec, command)
    return spec


def main(argv):
    if argv[0] == '--list':
        fields = ('kind', 'name', 'call', 'situation', 'outcome', 'covers')
        print(json.dumps([{field: getattr(one, field) for field in fields} for one in rows.values()]))
    elif argv[0] == '--spec':
        print(json.dumps(spec_of(argv[1], argv[2:]), indent=1))
    else:
        run(rows[argv[0]], argv[1] if len(argv) > 1 else None)


def run(one, party):
    """Runs a row, or one party of it, and leaves what came of it in a file of its name."""
    function = one.function if party is None else one.parties[party][0]
    pid = os.getpid()
    failure = None
    try:
        function(one.n)
    except BaseException:
        failure = traceback.format_exc()
    if os.getpid() != pid:
        os._exit(1)
    if party is None:
        draft = Path(f'{one.name}.draft')
        draft.write_text(failure or 'ok')
        draft.replace(f'{one.name}.outcome')
    elif failure is not None:
        print(failure, file=sys.stderr)
    sys.stdout.flush()
    # Threads that a failed row left waiting keep nobody.
    if failure is not None:
        os._exit(1)


# What rows are written with


def raises(exceptions, function, *arguments, **named):
    """The exception that the call raised; a failure where it raised none or another."""
    try:
        result = function(*arguments, **named)
    except exceptions as error:
        return error
    raise AssertionError(f'it gave {result!r} instead of raising {exceptions}')


def equal(found, expected):
    assert found == expected, f'{found!r} instead of {expected!r}'


def until(predicate, what='what it waits for'):
    """Waits for a state that others bring about."""
    deadline = time.monotonic() + DEADLINE
    while not predicate():
        assert time.monotonic() < deadline, f'{what} did not come'
        time.sleep(LOOK_EVERY)


def took(function, *arguments, **named):
    """What a call gave, and how many seconds it took."""
    start = time.monotonic()
    result = function(*arguments, **named)
    return result, time.monotonic() - start


def at_least(seconds, found):
    # The clocks of two processes may differ by what one tick is.
    assert found >= seconds - 0.01, f'{found} s is less than {seconds} s'


def at_once(found):
    assert found < 5, f'{found} s is no answer at once'


def look(kind, name):
    return mpctl._client.call(f'{kind}.look', json.dumps({'name': name}))


def waiting(kind, name):
    """How many requests wait at a primitive."""
    return look(kind, name)['waiting']


class Task:
    """Something under way in a thread."""

    def __init__(self, function, *arguments):
        self._outcome = []
        self._thread = threading.Thread(target=self._run, args=(function, arguments), daemon=True)
        self._thread.start()

    def _run(self, function, arguments):
        try:
            self._outcome.append((function(*arguments), None))
        except BaseException as error:
            self._outcome.append((None, error))

    @property
    def is_over(self):
        return bool(self._outcome)

    def result(self):
        self._thread.join(DEADLINE)
        assert self._outcome, 'a thread did not end'
        value, error = self._outcome[0]
        if error is not None:
            raise error
        return value


class Child:
    """Something under way in a forked process: another process of the same instance."""

    def __init__(self, function, *arguments):
        self._reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid != 0:
            os.close(writer)
            return
        code = 1
        try:
            os.write(writer, json.dumps(function(*arguments)).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)

    def kill(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self._reader)

    def result(self):
        with os.fdopen(self._reader, 'rb') as reader:
            text = reader.read()
        _, status = os.waitpid(self.pid, 0)
        assert status == 0, f'a forked process ended with status {status}'
        return json.loads(text)
