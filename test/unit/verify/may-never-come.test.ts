import { describe, expect, it } from 'vitest';
import { describeJudgement } from '../../../src/verify/describe-judgement.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: (): boolean => true };

function told(text: string): readonly string[] {
  return describeJudgement(judge(validPlan(text), budget))
    .split('\n')
    .filter((line) => line.startsWith('no deadlock') || line.startsWith('  but for'));
}

/** Goes round until a step of its is too late. */
const round = (step: string, behind = ''): string => `processes:\n  a: { steps: [{ repeat: forever, do: [{ ${step}, timeout: 1s, on_timeout: [{ exit: 0 }] }${behind}] }] }\n  b: { steps: [{ join: a }] }\n`;

const inVain = 'runs that go on for ever since `a` never waits in vain for so long';

describe('a proof leaves out runs that go on for ever', () => {
  it.each([
    ['where a lock is there each time, of which a program has some on loan', `locks: { m: }\n${round('with: m, do: [{ sleep: 1ms }]')}  p: { command: x, uses: { m: acquire } }`, inVain],
    ['where a lock is there each time, that the tasks of a pool take', `locks: { m: }\n${round('with: m, do: [{ sleep: 1ms }]')}pools: { w: { command: x, tasks: [1], with: [m] } }`, inVain],
    ['where a lock is there each time, beside one who is ended', `locks: { m: }\n${round('with: m, do: [{ sleep: 1ms }]')}  p: { command: x }\n  k: { steps: [{ kill: p }] }`, inVain],
    ['where a pool has ended by then', `${round('join: w', ', { sleep: 1ms }')}pools: { w: { command: x, tasks: [1] } }`, inVain],
    ['where an event is set with an end that takes a while', `events: { e: }\nlocks: { m: }\n${round('wait: e', ', { sleep: 1ms }')}  p: { command: x, with: [m], sets: { exit: e } }\n  q: { command: x, with: [m] }`, inVain],
    ['where no command takes too long', round('run: x'), 'runs that go on for ever since no command of `a` fails and no command of `a` takes too long'],
    ['where no command does what it declares', 'events: { e: }\nprocesses:\n  a: { uses: { e: set }, steps: [{ repeat: forever, do: [{ run: x, allow_failure: true }] }] }\n  b: { steps: [{ wait: e }, { terminate: a }] }', 'runs that go on for ever since no command of `a` does what it declares'],
    ['where no probe fails', 'processes:\n  a: { liveness_probe: { exec: x }, steps: [{ repeat: forever, do: [{ sleep: 1s }] }] }\n  b: { steps: [{ join: a }] }', 'runs that go on for ever since no probe of `a` fails'],
  ])('%s', (_, text, leftOut) => {
    expect(told(text)).toEqual([expect.stringMatching(/^no deadlock: proved but for a part, /u), `  but for ${leftOut}`]);
  });

  it.each([
    ['whose time is over at last', 'processes:\n  a: { timeout: 1m, steps: [{ repeat: forever, do: [{ sleep: 1s }] }] }\n  b: { steps: [{ join: a }] }'],
    ['where somebody does have the lock for ever', 'locks: { m: }\ndaemons: { d: { command: x, with: [m], uses: { m: acquire } } }\nprocesses:\n  a: { depends_on: { d: { condition: start } }, steps: [{ acquire: m, timeout: 1s, on_timeout: [{ exit: 0 }] }] }\n  b: { steps: [{ join: a }] }'],
    ['that is restarted, and given up at last', 'locks: { l: }\nprocesses:\n  a: { restart: on_failure, steps: [{ with: l, do: [{ run: x }] }, { exit: 1 }] }\n  b: { with: [l], steps: [{ run: x }] }\n  c: { depends_on: { a: { condition: exit } }, command: x }'],
    ['where its time only lets it go on', `locks: { m: }\nprocesses:\n  a: { steps: [{ repeat: 3, do: [{ acquire: m, timeout: 1s, on_timeout: continue }, { print: x }] }] }\n  p: { command: x, uses: { m: acquire } }`],
  ])('but not %s', (_, text) => {
    expect(told(text)).toEqual([expect.stringMatching(/^no deadlock: proved, /u)]);
  });
});

it('a proof takes for granted that a daemon comes to do what others wait for', () => {
  const { assumptions } = judge(validPlan('events: { e: }\ndaemons: { d: { command: x, uses: { e: set } } }\nprocesses: { b: { steps: [{ wait: e }] } }'), budget);
  expect(assumptions.flatMap(({ kind, text }) => (kind === 'assumed' ? [text] : []))).toContain('the daemon `d` comes to do what it declares in `uses`');
});

describe('of a semaphore that others give back without having it', () => {
  const spec = (permits: number, more = ''): string => `
locks: { l: }
semaphores: { s: { permits: ${permits}, bounded: false } }
processes:
  g: { steps: [{ release: s }] }
  x: { steps: [{ sleep: 2ms }, { acquire: s, timeout: 10ms, on_timeout: [{ acquire: l }, { join: y }] }] }
  y: { steps: [{ sleep: 50ms }, { acquire: l }] }
${more}`;

  it('nobody waits in vain where it is there', () => {
    expect(play(spec(1)).end.exitCode).toBe(0);
    expect(told(spec(1))).toEqual([expect.stringMatching(/^no deadlock: proved, /u)]);
  });

  it('some do where others hold it', () => {
    const text = spec(1, '  z: { steps: [{ acquire: { name: s, permits: 2 } }, { sleep: 30ms }] }');
    expect(play(text).end.exitCode).toBe(5);
    expect(judge(validPlan(text), budget).verdict.type).toBe('counterexample');
  });

  it('whoever goes round until it is not there never ends', () => {
    const { verdict } = judge(validPlan(`semaphores: { s: { permits: 1, bounded: false } }\n${round('with: s, do: [{ sleep: 1ms }]')}  g: { steps: [{ release: s }] }`), budget);
    expect(verdict.type).toBe('counterexample');
  });
});
