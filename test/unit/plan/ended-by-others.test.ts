import { describe, expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const shared = 'locks: { l: , m: }\nsemaphores: { s: 1 }\nevents: { e: }\nconditions: { c: { lock: l } }\nbarriers: { b: { parties: 3 } }\nqueues: { q: , r: { items: [1] } }\non_failure: stop\n';
const others = 'user: { with: [l, m], steps: [{ get: r }] }\n  more: { with: m, steps: [{ sleep: 0s }] }';

/** Findings of one code: how much they weigh. */
function told(code: string, text: string): readonly unknown[] {
  return planText(text).diagnostics.flatMap((found) => (found.code === code ? [[found.severity, found.certainty]] : []));
}

/** Somebody with a fault behind a sleep, and who ends him or the run before. */
function spec(fault: string, ender: string): string {
  return `${shared}processes:\n  a: { steps: [{ sleep: 5s }, ${fault}] }\n  ${others}\n  ${ender}\n`;
}

/** Of each code a step that always fails, or waits for ever. */
const faults: readonly (readonly [string, string])[] = [
  ['MP201', '{ join: a }'],
  ['MP302', '{ acquire: { name: s, permits: 2 } }'],
  ['MP303', '{ with: l, do: [{ acquire: l }] }'],
  ['MP306', '{ release: l }'],
  ['MP307', '{ repeat: 2, do: [{ acquire: l }] }'],
  ['MP313', '{ wait: c }'],
  ['MP401', '{ wait: e }'],
  ['MP406', '{ wait: b }'],
  ['MP501', '{ put: q, item: 1 }'],
  ['MP502', '{ get: q }'],
];

describe('a fault that somebody comes to unless others end him, or the run, before', () => {
  it.each(faults.flatMap(([code, fault]) => [['{ terminate: a }', code, fault] as const, ['{ kill: a }', code, fault] as const, ['{ shutdown: 0 }', code, fault] as const]))('is so in some interleaving beside %s: %s', (step, code, fault) => {
    const text = spec(fault, `k: { steps: [{ sleep: 1s }, ${step}] }`);
    expect(told(code, text)).toEqual([['warning', 'some interleaving']]);
    expect(play(text).end.exitCode).toBe(0);
  });

  it.each([
    ['a program that may start and end him', 'k: { command: sleep 1, uses: { a: start } }'],
    ['a command among steps that may', 'k: { uses: { a: start }, steps: [{ run: sleep 1 }] }'],
    ['a program that is seen to end the run', 'k: { command: [mpctl, shutdown, "0"] }'],
    ['a script that is', 'k: { steps: [{ sleep: 1s }, { run: "sleep 1; node dist/mpctl.cjs shutdown" }] }'],
    ['the worker of a pool that is', 'k: { steps: [{ sleep: 1s }] }\npools: { p: { tasks: [1], worker: mpctl shutdown 0 } }'],
  ])('is so in some interleaving beside %s', (_, ender) => {
    expect(faults.map(([code, fault]) => told(code, spec(fault, ender)))).toEqual(faults.map(() => [['warning', 'some interleaving']]));
  });

  it.each([
    ['only others', 'k: { command: sleep 1, uses: { user: start } }'],
    ['him by no program of its own', 'k: { uses: { a: start }, steps: [{ sleep: 1s }] }'],
  ])('is so in every run where somebody may end %s', (_, ender) => {
    expect(told('MP401', spec('{ wait: e }', ender))).toEqual([['error', 'every run']]);
  });

  it('is so of a daemon, which is ended with all others, in some interleaving', () => {
    const daemon = (process: string): string => `events: { e: }\ndaemons: { d: { steps: [{ sleep: 5s }, { wait: e }] } }\n${process}`;
    const text = daemon('processes: { a: { steps: [{ sleep: 1s }] } }');
    expect(told('MP401', text)).toEqual([['warning', 'some interleaving']]);
    expect(play(text).end.exitCode).toBe(0);
    expect(told('MP401', daemon(''))).toEqual([['error', 'every run']]);
  });

  it.each(faults)('is so in every run where nobody ends him: %s', (code, fault) => {
    expect(told(code, spec(fault, 'k: { steps: [{ sleep: 1s }] }'))).toEqual([['error', 'every run']]);
  });

  it.each([
    ['he has ended, whom it waits for before its start', 'k: { depends_on: { a: { condition: exit } }, steps: [{ shutdown: 0 }] }'],
    ['he has ended, whom it joins', 'k: { steps: [{ join: a }, { shutdown: 0 }] }'],
    ['it has ended itself', 'k: { steps: [{ exit: 0 }, { shutdown: 0 }] }'],
    ['somebody else is to be ended', 'k: { steps: [{ terminate: user }] }'],
  ])('is so in every run where %s', (_, ender) => {
    expect(told('MP401', spec('{ wait: e }', ender))).toEqual([['error', 'every run']]);
  });

  it('is so in every run where the run is ended in finally, or by himself and later', () => {
    expect(told('MP401', `${spec('{ wait: e }', '')}finally: { f: { steps: [{ shutdown: 0 }] } }`)).toEqual([['error', 'every run']]);
    expect(told('MP401', spec('{ wait: e }, { shutdown: 0 }', ''))).toEqual([['error', 'every run']]);
  });

  it('is so in every run where only some of those who are alike are ended', () => {
    const text = (steps: string): string => `${shared}processes:\n  a: { replicas: 2, steps: [{ sleep: 5s }, { wait: e }] }\n  k: { steps: [${steps}] }`;
    expect(told('MP401', text('{ terminate: a-1 }'))).toEqual([['error', 'every run']]);
    expect(told('MP401', text('{ terminate: a }'))).toEqual([['warning', 'some interleaving']]);
  });
});

describe('a wait before the start that never comes true', () => {
  it.each([
    ['MP201', 'depends_on: { a: { condition: exit } }'],
    ['MP203', 'depends_on: { x: { condition: exit } }'],
    ['MP204', 'depends_on: { d: { condition: exit } }'],
    ['MP206', 'depends_on: { g: { condition: success }, g-1: { condition: failure } }'],
    ['MP401', 'wait_for: [e]'],
  ])('is so in every run, and beside a shutdown in some interleaving: %s', (code, wait) => {
    const text = (last: string): string =>
      `${shared}daemons: { d: { restart: always, command: sleep 100 } }\nprocesses:\n  a: { ${wait}, steps: [{ sleep: 1s }] }\n  x: { restart: always, command: sleep 100 }\n  g: { replicas: 1, steps: [{ sleep: 9s }] }\n  k: { steps: [{ sleep: 1s }, ${last}] }`;
    expect(told(code, text('{ sleep: 1s }'))).toEqual([['error', 'every run']]);
    expect(told(code, text('{ shutdown: 0 }'))).toEqual([['warning', 'some interleaving']]);
  });
});

describe('a fault of a daemon before its start', () => {
  const beside = (daemon: string, process: string): string => `events: { e: , f: { set: true } }\nsemaphores: { s: 1 }\nbarriers: { b: { parties: 3 } }\ndaemons:\n  d: { ${daemon}, command: serve }\n  c: { command: serve }\nprocesses:\n  p: ${process}\n`;
  const command = '{ command: ./p }';

  it.each([
    ['MP401', 'wait_for: [e]'],
    ['MP302', 'with: { name: s, permits: 2 }'],
    ['MP406', 'wait_for: [b]'],
  ])('fails each run that lasts longer than a moment: %s', (code, fault) => {
    expect(told(code, beside(fault, command))).toEqual([['error', 'every run']]);
    expect(told(code, beside(fault, '{ depends_on: [c], command: ./p }'))).toEqual([['error', 'every run']]);
    const over = beside(fault, '{ steps: [{ print: x }] }');
    expect(told(code, over)).toEqual([['warning', 'some interleaving']]);
    expect(play(over, { lasting: new Set(['c']) }).end.exitCode).toBe(0);
  });

  it.each([
    ['MP401', 'depends_on: [c], wait_for: [e]', command],
    ['MP401', 'wait_for: [f, e]', command],
    ['MP302', 'wait_for: [f], with: { name: s, permits: 2 }', command],
    ['MP401', 'wait_for: [e]', '{ command: ./p, allow_failure: true }'],
    ['MP401', 'wait_for: [e]', '{ command: ./p, wait_for: [f] }'],
    ['MP401', 'wait_for: [e]', '{ command: ./p, autostart: false }\n  q: { steps: [{ start: p }] }'],
  ])('may come too late where others wait, or the run need not last: %s %s, %s', (code, fault, process) => {
    expect(told(code, beside(fault, process))).toEqual([['warning', 'some interleaving']]);
  });

  it('fails each run that lasts until it is stopped, since nobody starts what is no daemon', () => {
    expect(told('MP401', beside('wait_for: [e]', '{ command: ./p, autostart: false }'))).toEqual([['error', 'every run']]);
  });

  it.each([
    ['MP401', 'wait_for: [e]'],
    ['MP302', 'with: { name: s, permits: 2 }'],
    ['MP406', 'wait_for: [b]'],
  ])('may come too late where steps of others end what takes longer than a moment, and is none where nobody starts it: %s', (code, fault) => {
    expect(told(code, `${beside(fault, '{ command: ./p }')}  q: { steps: [{ kill: p }] }\n`)).toEqual([['warning', 'some interleaving']]);
    expect(told(code, beside(`${fault}, autostart: false`, '{ command: ./p }'))).toEqual([['warning', 'possible']]);
    expect(told(code, `${beside(`${fault}, autostart: false`, '{ command: ./p }')}finally: { z: { steps: [{ start: d }] } }\n`)).toEqual([['warning', 'some interleaving']]);
  });

  it('does not fail a run that ends without its start', () => {
    const text = beside('wait_for: [e], autostart: false', '{ command: exit 0 }');
    expect(play(text, { lasting: new Set(['c']) }).end.exitCode).toBe(0);
    expect(play(`${text}finally: { z: { steps: [{ start: d }] } }\n`, { lasting: new Set(['c']) }).end.exitCode).toBe(0);
  });

  it.each([
    ['MP201', 'depends_on: [d]'],
    ['MP202', 'depends_on: [g]'],
    ['MP204', 'depends_on: { r: { condition: success } }'],
    ['MP206', 'depends_on: { g: { condition: success }, g-1: { condition: failure } }'],
  ])('keeps it from its start in every run, which succeeds beside it: %s', (code, fault) => {
    const text = `daemons:\n  d: { ${fault}, command: serve }\n  g: { replicas: 1, depends_on: [d], command: serve }\n  r: { restart: always, command: serve }\nprocesses: { p: { command: exit 0 } }\n`;
    expect(told(code, text)).toEqual([['warning', 'every run']]);
    expect(play(text, { lasting: new Set(['r']) }).end.exitCode).toBe(0);
  });

  it('is a circle with a process, for which the run waits', () => {
    const text = 'daemons: { d: { depends_on: { p: { condition: start } }, command: serve } }\nprocesses: { p: { depends_on: [d], command: ./p } }\n';
    expect(told('MP202', text)).toEqual([['error', 'every run']]);
  });
});
