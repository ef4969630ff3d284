import { describe, expect, it } from 'vitest';
import { leavesOut } from '../../../src/verify/assumption.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { whoFailsEveryRun } from '../../../src/verify/every-run-fails.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';
import { replay } from '../../property/verify/replay.ts';

const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };

function judged(text: string): Judgement {
  return judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true });
}

/** How sure each deadlock is told, and whether a run comes to it. */
function told(text: string): readonly unknown[] {
  const plan = validPlan(text);
  const judgement = judged(text);
  const { verdict } = judgement;
  const isReplayed = verdict.type === 'counterexample' ? replay(plan, verdict.schedule) : null;
  return [...deadlockFindings(plan, judgement, () => nowhere).map(({ severity, certainty }) => `${severity}, ${String(certainty)}`), isReplayed === null ? null : { exitCode: isReplayed.exitCode, departure: isReplayed.departure }];
}

const room = 'semaphores: { room: 2 }\nevents: { go: , over: }\n';

describe('a permit that is released by one who holds none', () => {
  it('may be what another one waits for that holds it', () => {
    const text = `${room}processes: { p: { steps: [{ wait: go }, { release: room }] }, q: { steps: [{ acquire: room }, { set: go }, { acquire: { name: room, permits: 2 } }] } }`;
    expect(judged(text).verdict.type).toBe('proved');
    expect(play(text).end.exitCode).toBe(0);
  });

  it('is not enough where that one waits for more', () => {
    const text = `semaphores: { room: 3 }\nevents: { go: }\nprocesses: { p: { steps: [{ wait: go }, { release: room }] }, q: { steps: [{ acquire: { name: room, permits: 2 } }, { set: go }, { acquire: { name: room, permits: 3 } }] } }`;
    expect(told(text)).toEqual(['error, some interleaving', { exitCode: 5, departure: null }]);
    expect(play(text).end.exitCode).toBe(5);
  });

  it('comes off who has held one longest, so that another one has none to give back at its end', () => {
    const ends = (first: string, second: string): string =>
      `${room}processes:\n  a: { steps: [${first}{ acquire: room }, { set: ${first === '' ? 'go' : 'over'} }, { wait: over }, { sleep: 1s }] }\n  b: { steps: [${second}{ acquire: room }, { set: ${second === '' ? 'go' : 'over'} }, { sleep: 1h }, { join: c }] }\n  c: { steps: [{ wait: over }, { release: room }, { join: a }, { acquire: { name: room, permits: 2 } }] }\n`;
    // It comes off `b`, which waits for `c`; or off `a`, so that `b` keeps what `c` waits for.
    expect(judged(ends('{ wait: go }, ', '')).verdict.type).toBe('proved');
    expect(play(ends('{ wait: go }, ', '')).end.exitCode).toBe(0);
    expect(told(ends('', '{ wait: go }, '))).toEqual(['error, some interleaving', { exitCode: 5, departure: null }]);
  });

  it('is taken by others before somebody ends who has done nothing but take it', () => {
    const text = `${room}processes: { a: { steps: [{ acquire: room }, { set: go }, { sleep: 1s }] }, b: { steps: [{ wait: go }, { release: room }] } }`;
    expect(judged(text).verdict.type).toBe('proved');
    expect(play(text).end.exitCode).toBe(0);
  });

  it('is taken by others off one who has it yet, though he has done his last step', () => {
    // Only where `b` is not refused it goes on to where it and `c` wait for each other.
    const text = `locks: { m: , n: }\n${room.replace('room: 2', 'room: 1')}queues: { full: { capacity: 1, items: [1] } }\non_failure: continue\nprocesses: { a: { steps: [{ acquire: room }, { set: go }, { get: full }, { sleep: 1s }] }, b: { steps: [{ wait: go }, { put: full, item: 2 }, { release: room }, { acquire: m }, { sleep: 1s }, { acquire: n }] }, c: { steps: [{ acquire: n }, { sleep: 2s }, { acquire: m }] }, d: { steps: [{ join: b }, { get: full }] } }`;
    expect(play(text).end.exitCode).toBe(5);
    expect(told(text)).toEqual(['error, some interleaving', { exitCode: 5, departure: null }]);
  });

  it('leaves one who has released it to be refused', () => {
    const text = `${room}processes: { a: { steps: [{ acquire: room }, { set: go }, { wait: over }, { release: room }, { wait: go }], allow_failure: true }, b: { steps: [{ wait: go }, { release: room }, { set: over }, { join: a }, { acquire: { name: room, permits: 2 } }] } }`;
    expect(judged(text).verdict.type).toBe('proved');
    expect(play(text).events.flatMap((event) => (event.type === 'instance.ended' ? [`${event.instance} ${event.state}`] : []))).toEqual(['a failed', 'b succeeded']);
  });
});

const buffer = (rounds: string, producer: string, consumer: string): string => `
locks: { mutex: }
semaphores: { empty: { permits: 3, bounded: false }, full: { permits: 0, bounded: false } }
processes:
  producer: { replicas: 2, steps: [{ repeat: ${rounds}, do: [${producer}] }] }
  consumer: { replicas: 2, steps: [{ repeat: ${rounds}, do: [${consumer}] }] }
`;
const consumes = '{ acquire: full }, { with: mutex, do: [{ print: x }] }, { release: empty }';

describe('semaphores that are signals', () => {
  it.each(['2', 'forever'])('prove a bounded buffer, with rounds: %s', (rounds) => {
    expect(judged(buffer(rounds, '{ acquire: empty }, { with: mutex, do: [{ print: x }] }, { release: full }', consumes)).verdict.type).toBe('proved');
  });

  it('refute one that waits for room with the lock of the buffer', () => {
    expect(told(buffer('forever', '{ with: mutex, do: [{ acquire: empty }] }, { release: full }', consumes))).toEqual(['error, some interleaving', { exitCode: 5, departure: null }]);
  });

  it('prove that as many come as are waited for, and refute that more do', () => {
    const waits = (permits: number): string => `semaphores: { done: { permits: 0, bounded: false } }\nprocesses: { w: { replicas: 3, steps: [{ release: done }] }, main: { steps: [{ acquire: { name: done, permits: ${permits} } }] } }`;
    expect(judged(waits(3)).verdict.type).toBe('proved');
    expect(told(waits(4))).toEqual(['error, some interleaving', { exitCode: 5, departure: null }]);
  });

  it('that come without end are enough for anybody, and more than are told apart where somebody may end that', () => {
    const text = 'semaphores: { done: { permits: 0, bounded: false } }\nprocesses: { w: { steps: [{ repeat: forever, do: [{ release: done }] }] }, main: { steps: [{ acquire: { name: done, permits: 3 } }] } }';
    expect(judged(text).verdict).toEqual({ type: 'proved', by: 'order' });
    expect(judged(text.replace('permits: 3 } }', 'permits: 3 } }, { terminate: w }')).verdict).toEqual({ type: 'unsure', why: 'there may come to be more permits of `done` than are told apart' });
  });

  it('with more permits than are kept in order are told as possible', () => {
    // It comes off `a`, who holds one longest; only if it came off `b` they would wait for each other.
    const text = `semaphores: { many: 40 }\nevents: { go: , over: }\nprocesses:\n  a: { steps: [{ acquire: many }, { set: go }, { join: c }] }\n  b: { steps: [{ wait: go }, { acquire: many }, { set: over }, { join: d }] }\n  c: { steps: [{ join: b }, { acquire: { name: many, permits: 40 } }] }\n  d: { steps: [{ wait: over }, { release: many }] }`;
    expect(play(text).end.exitCode).toBe(0);
    expect(judged(text.replace('many: 40', 'many: 20').replace('permits: 40', 'permits: 20')).verdict.type).toBe('proved');
    expect(told(text)[0]).toBe('warning, possible');
  });
});

it('a permit may also be taken off one who was ended and is not at his end, which no proof is about', () => {
  const text = `
on_failure: continue
locks: { l: }
semaphores: { s: { permits: 1, bounded: true } }
processes:
  a: { command: [trap SIGTERM 500 0; forever], with: [s] }
  p: { depends_on: { a: { condition: start } }, steps: [{ sleep: 9ms }, { terminate: a }, { release: s }, { acquire: l }, { join: q }] }
  q: { depends_on: { a: { condition: exit } }, steps: [{ sleep: 9ms }, { acquire: l }] }
`;
  expect(play(text).end.exitCode).toBe(5);
  const { verdict, assumptions } = judged(text);
  expect(verdict.type === 'proved' && !leavesOut(assumptions)).toBe(false);
  expect(whoFailsEveryRun(validPlan(text), { maxStates: 20_000, mayGoOn: () => true })).toEqual([]);
});
