import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

describe('MP209: an event that only the end of something endless sets', () => {
  const daemon = 'daemons: { d: { command: x, restart: always, sets: { exit: e } } }';

  it.each([
    ['of a daemon, at a start', `events: { e: }\n${daemon}\nprocesses: { a: { command: x, wait_for: [e] } }`],
    ['of a daemon, in a step', `events: { e: }\n${daemon}\nprocesses: { a: { steps: [{ wait: e }] } }`],
    ['of a process', 'events: { e: }\nprocesses: { d: { command: x, restart: always, sets: { success: e } }, a: { command: x, wait_for: [e] } }'],
  ])('%s', (_, text) => {
    expect(codesOf(text).filter((code) => code !== 'MP701')).toEqual(['MP209']);
  });

  it.each([
    ['a daemon that may end', 'events: { e: }\ndaemons: { d: { command: x, sets: { exit: e } } }\nprocesses: { a: { command: x, wait_for: [e] } }'],
    ['another who sets it', `events: { e: }\n${daemon}\nprocesses: { a: { command: x, wait_for: [e] }, b: { command: x, sets: { success: e } } }`],
    ['its readiness', 'events: { e: }\ndaemons: { d: { command: x, restart: always, readiness_probe: { notify: true }, sets: { ready: e } } }\nprocesses: { a: { command: x, wait_for: [e] } }'],
    ['a step that stops it', `events: { e: }\n${daemon}\nprocesses: { a: { command: x, wait_for: [e] }, b: { steps: [{ terminate: d }] } }`],
    ['a step that ends the run', `events: { e: }\n${daemon}\nprocesses: { a: { command: x, wait_for: [e] }, b: { steps: [{ shutdown: 0 }] } }`],
    ['who waits for a time only, before its start', `events: { e: }\n${daemon}\nprocesses: { a: { command: x, wait_for: [{ name: e, timeout: 1s }] } }`],
    ['who waits for a time only', `events: { e: }\n${daemon}\nprocesses: { a: { steps: [{ wait: e, timeout: 1s, on_timeout: continue }] } }`],
    ['another daemon', `events: { e: }\n${daemon.slice(0, -2)}, b: { command: x, wait_for: [e] } }\nprocesses: { a: { command: x } }`],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

describe('MP506: a queue that a daemon may keep open', () => {
  const certainties = (text: string): readonly (string | null)[] => planText(text).diagnostics.flatMap(({ code, certainty }) => (code === 'MP506' ? [certainty] : []));
  const spec = (daemon: string, reader: string): string => `queues: { q: }\ndaemons: { d: { ${daemon} } }\nprocesses: { a: { ${reader} } }`;
  const each = 'steps: [{ each: q, do: [{ print: x }] }]';

  it.each([
    ['one that is endless', spec('command: x, restart: always, stdout: { queue: q }', each), 'every run'],
    ['one that may end', spec('command: x, stdout: { queue: q }', each), 'possible'],
    ['one that may put', spec('command: x, uses: { q: put }', each), 'possible'],
    ['for a program that may not read it all', spec('command: x, restart: always, stdout: { queue: q }', 'command: y, stdin: { queue: q }'), 'possible'],
  ])('%s', (_, text, certainty) => {
    expect(certainties(text)).toEqual([certainty]);
  });

  it.each([
    ['a daemon that reads', `queues: { q: }\ndaemons: { d: { command: x, stdout: { queue: q } }, a: { ${each} } }\nprocesses: { b: { command: x } }`],
    ['a reader that leaves', spec('command: x, stdout: { queue: q }', 'steps: [{ each: q, do: [{ exit: 0 }] }]')],
    ['a reader with a timeout', spec('command: x, stdout: { queue: q }', `${each}, timeout: 1m`)],
    ['a reader of single items', spec('command: x, stdout: { queue: q }', 'steps: [{ get: q }]')],
    ['a daemon made of steps, of which the search speaks', spec('steps: [{ put: q, item: x }]', each)],
    ['a daemon that is stopped', `${spec('command: x, stdout: { queue: q }', each).slice(0, -2)}, b: { steps: [{ terminate: d }] } }`],
  ])('not: %s', (_, text) => {
    expect(certainties(text)).toEqual([]);
  });
});

describe('MP707: items that are lost when the run ends', () => {
  const spec = (daemon: string, filler = 'command: x, stdout: { queue: q }', more = ''): string => `queues: { q: , r: }\nevents: { e: }\ndaemons: { d: { ${daemon} } }\nprocesses: { a: { ${filler} }${more} }`;
  const found = (text: string): readonly (string | null)[] => planText(text).diagnostics.flatMap(({ code, certainty }) => (code === 'MP707' ? [certainty] : []));

  it.each([
    ['of a program', spec('command: x, stdin: { queue: q }'), 'some interleaving'],
    ['of steps', spec('steps: [{ each: q, do: [{ print: x }] }]', 'steps: [{ put: q, item: x }]'), 'some interleaving'],
    ['of a program that may put, and wait', spec('command: x, uses: { q: get }', 'command: x, uses: { q: put }'), 'possible'],
  ])('%s', (_, text, certainty) => {
    expect(found(text)).toEqual([certainty]);
  });

  it.each([
    ['a process that takes too', spec('command: x, stdin: { queue: q }', undefined, ', b: { steps: [{ each: q, do: [{ print: x }] }] }')],
    ['a daemon that fills it', 'queues: { q: }\ndaemons: { a: { command: x, stdout: { queue: q } }, d: { command: x, stdin: { queue: q } } }\nprocesses: { b: { command: x } }'],
    ['who waits until it is empty', spec('steps: [{ each: q, do: [{ task_done: q }] }]', 'steps: [{ put: q, item: x }, { join: q }]')],
    ['who waits for the daemon', spec('command: x, stdin: { queue: q }', undefined, ', b: { steps: [{ join: d }] }')],
    ['who depends on its end', spec('command: x, stdin: { queue: q }', undefined, ', b: { command: x, depends_on: { d: { condition: success } } }')],
    ['a daemon whose output a process reads', `pipes: { p: { from: d, to: b, via: stdio } }\n${spec('command: x, stdin: { queue: q }', undefined, ', b: { command: x }')}`],
    ['a daemon that answers', spec('command: x, stdin: { queue: q }, stdout: { queue: r }')],
    ['a daemon that says when it is done', spec('command: x, stdin: { queue: q }, uses: { e: set }')],
  ])('not: %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('MP704: a timeout that is too short', () => {
  const slow = 'daemons: { d: { command: x, readiness_probe: { notify: true, initial_delay: 5s } } }';

  it.each([
    ['for a probe', `${slow}\nprocesses: { a: { command: x, depends_on: { d: { condition: ready, timeout: 2s } } } }`, '`a` waits 2s for `d` (ready), which takes 5s at least'],
    ['for a chain of them', `${slow}\nprocesses: { b: { depends_on: [d], steps: [{ sleep: 3s }] }, a: { command: x, depends_on: { b: { condition: success, timeout: 6s } } } }`, '`a` waits 6s for `b` (success), which takes 8s at least'],
    ['for the start of all instances', `${slow}\nprocesses: { b: { replicas: 2, depends_on: [d], command: x }, a: { command: x, depends_on: { b: { condition: start, timeout: 2s } } } }`, '`a` waits 2s for `b` (start), which takes 5s at least'],
    ['for all instances', 'processes: { b: { replicas: 2, steps: [{ repeat: 3, do: [{ sleep: 1s }] }] }, a: { command: x, depends_on: { b: { condition: success, timeout: 2s } } } }', '`a` waits 2s for `b` (success), which takes 3s at least'],
    ['for its own steps', 'processes: { a: { timeout: 1s, steps: [{ sleep: 2s }] } }', '`a` has 1s for steps that sleep 2s alone'],
  ])('%s', (_, text, message) => {
    expect(planText(text).diagnostics.map((finding) => [finding.code, finding.message])).toEqual([['MP704', message]]);
  });

  it.each([
    ['time enough', `${slow}\nprocesses: { a: { command: x, depends_on: { d: { condition: ready, timeout: 5s } } } }`],
    ['a failure, which may come at once', 'processes: { b: { steps: [{ sleep: 3s }] }, a: { command: x, depends_on: { b: { condition: failure, timeout: 2s } } } }'],
    ['a sleep that may be left out', 'events: { e: { set: true } }\nprocesses: { a: { timeout: 1s, steps: [{ wait: e, timeout: 1s, on_timeout: [{ sleep: 2s }] }] } }'],
    ['what comes last', `${slow}\nprocesses: { c: { command: x } }\nfinally: { a: { command: x, depends_on: { d: { condition: ready, timeout: 2s } } } }`],
    ['who starts later', `${slow}\nprocesses: { a: { autostart: false, command: x, depends_on: { d: { condition: ready, timeout: 2s } } }, b: { steps: [{ start: a }] } }`],
    ['what may have been started before', `${slow.replace('command: x', 'command: x, autostart: false')}\nprocesses: { a: { command: x, depends_on: { d: { condition: ready, timeout: 2s } } }, b: { steps: [{ start: d }] } }`],
  ])('not: %s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});
