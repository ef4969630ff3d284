import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { describeJudgement } from '../../../src/verify/describe-judgement.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { findMend } from '../../../src/verify/mend/find-mend.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

function judged(text: string, maxStates = 100_000): Judgement {
  return judge(validPlan(text), { maxStates, mayGoOn: () => true });
}

/** Severity, certainty, sentence, and what stands at the other places. */
function finding(text: string): unknown {
  const plan = validPlan(text);
  const judgement = judged(text);
  const found = deadlockFindings(plan, judgement, (place) => ({ source: { name: place.join('.'), text: '' }, start: 0, end: 0 }), [{ mend: findMend(plan, judgement.verdict, { maxStates: 10_000, mayGoOn: () => true }) }])[0] ?? null;
  return found === null ? null : [found.severity, found.certainty, found.message, found.related.map(({ message, range }) => `${range.source.name}: ${message}`), found.hint];
}

const crossed = `
locks: { a: , b: }
processes:
  x: { steps: [{ acquire: a }, { acquire: b }] }
  y: { steps: [{ acquire: b }, { acquire: a }] }
  z: { command: [echo, beside] }
`;

describe('a plan', () => {
  it('that takes its locks in one order is proved by that order', () => {
    const judgement = judged(crossed.replace('[{ acquire: b }, { acquire: a }]', '[{ acquire: a }, { acquire: b }]'));
    expect(judgement.verdict).toEqual({ type: 'proved', by: 'order' });
    expect(describeJudgement(judgement)).toBe('no deadlock: proved, since there is an order in which all is waited for\n  provided that programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock\n');
  });

  it.each([
    ['of which only one can run at a time', 'max_parallel: 1', ''],
    ['of which one waits for something while the other may have it', 'locks: { l: }', 'with: l, '],
    ['whose programs may take a lock meanwhile, while the other reads', 'locks: { l: }', 'uses: { l: acquire }, '],
    ['whose programs may wait for an item meanwhile', 'queues: { q: { items: [1] } }', 'uses: { q: get }, '],
  ])('whose processes are joined by a kernel pipe, %s, is proved but for that', (_, top, more) => {
    const { assumptions } = judged(`${top}\npipes: { p: { from: a, to: b, via: stdio } }\nprocesses: { a: { ${more}command: ./a }, b: { ${more}command: ./b } }`);
    expect(assumptions.map(({ kind, text }) => [kind, text])).toContainEqual(['left_out', 'what `a` and `b` wait for at the pipe `p`']);
  });

  it('whose processes are joined by a kernel pipe in both directions is proved where they do not wait for each other there', () => {
    const { assumptions } = judged('pipes: { p: { between: [a, b], via: stdio } }\nprocesses: { a: { command: ./a }, b: { command: ./b } }');
    expect(assumptions.map(({ text }) => text)).toContain('`a` and `b` do not both wait at the pipe `p` for what the other does there');
  });

  it('whose processes are joined by a kernel pipe, and only set events meanwhile, is proved where what flows is read', () => {
    const { assumptions } = judged('events: { e: }\npipes: { p: { from: a, to: b, via: stdio } }\nprocesses: { a: { uses: { e: set }, command: ./a }, b: { command: ./b }, c: { wait_for: [e], command: ./c } }');
    expect(assumptions.map(({ kind, text }) => [kind, text])).toContainEqual(['assumed', 'what flows through the pipe `p` is read']);
    expect(assumptions.some(({ kind }) => kind === 'left_out')).toBe(false);
  });

  it('without such an order is proved by a look at all of its states', () => {
    const judgement = judged(`
locks: { a: , b: }
events: { go: }
processes:
  x: { steps: [{ acquire: a }, { acquire: b }, { release: [a, b] }, { set: go }] }
  y: { steps: [{ wait: go }, { acquire: b }, { acquire: a }] }
`);
    expect(judgement.verdict).toMatchObject({ type: 'proved', by: 'search' });
    expect(describeJudgement(judgement)).toMatch(/^no deadlock: proved, after a look at all \d+ states\n$/u);
  });

  it('that takes locks in opposite order has a shortest way to its deadlock, without those who have no part in it', () => {
    expect(finding(crossed)).toEqual([
      'error',
      'some interleaving',
      '`x` and `y` can come to wait for ever: `x` waits here for `b`, held by `y`',
      ['processes.x.steps.0: 1. `x` acquires a', 'processes.y.steps.0: 2. `y` acquires b', 'processes.y.steps.1: `y` waits here for `a`, held by `x`'],
      'take `a`, `b` in this order everywhere, or together in one step: `acquire: [a, b]`',
    ]);
    expect(judged(crossed.replaceAll(/\[\{ acquire: \w \}, \{ acquire: \w \}\]/gu, '[{ acquire: [a, b] }]')).verdict).toEqual({ type: 'proved', by: 'order' });
  });

  it('that waits for what another holds says who holds it, and who has no part in it', () => {
    const plan = validPlan(crossed);
    const [found] = deadlockFindings(plan, judged(crossed), () => ({ source: { name: 's', text: '' }, start: 0, end: 0 }));
    expect(found?.note).toBe('`z` has no part in it');
  });

  it('in which one does the same again and again says it once', () => {
    expect(finding('queues: { q: { capacity: 3 } }\nprocesses: { a: { steps: [{ join: b }, { each: q, do: [{ print: x }] }] }, b: { steps: [{ put: q, items: [1, 2, 3, 4] }] } }')).toMatchObject([
      'error',
      'some interleaving',
      expect.anything(),
      ['processes.b.steps.0: 1. to 3. `b` puts into q, 3 times', 'processes.b.steps.0: `b` waits here for `q`'],
      expect.anything(),
    ]);
  });

  it.each([
    ['a process', 'a: { command: ./a, timeout: 2s, stdin: { queue: one }, stdout: { queue: two } }, b: { command: ./b, stdin: { queue: two }, stdout: { queue: one } }'],
    ['a `run` step', 'a: { steps: [{ acquire: l }, { run: ./a, timeout: 2s }], uses: { m: acquire } }, b: { steps: [{ acquire: m }, { acquire: l }] }'],
    ['a process with a `run` step', 'a: { timeout: 2s, steps: [{ acquire: l }, { run: ./a }], uses: { m: acquire } }, b: { steps: [{ acquire: m }, { acquire: l }] }'],
    ['a `run` step after which it goes on', 'a: { steps: [{ acquire: l }, { run: ./a, timeout: 2s, on_timeout: continue }], uses: { m: acquire } }, b: { steps: [{ acquire: m }, { acquire: l }] }'],
  ])('in which a program waits no longer than the `timeout` of %s lets it has no deadlock', (_, processes) => {
    const spec = `locks: { l: , m: }\nqueues: { one: , two: }\nprocesses: { ${processes} }`;
    expect(judged(spec).verdict.type).toBe('proved');
    expect(judged(spec.replace(/timeout: 2s,? ?/u, '').replace('on_timeout: continue', '').replace(', }', ' }')).verdict.type).toBe('counterexample');
  });

  it('in which a task waits no longer than its `timeout` lets it has no deadlock', () => {
    const spec = 'locks: { l: , m: }\npools: { p: { workers: 1, tasks: [1], timeout: 2s, with: l, command: ./p, uses: { m: acquire } } }\nprocesses: { b: { steps: [{ acquire: m }, { acquire: l }] } }';
    expect(judged(spec).verdict.type).toBe('proved');
    expect(judged(spec.replace('timeout: 2s, ', '')).verdict.type).toBe('counterexample');
  });

  it('whose daemon holds a lock no longer than its `timeout` lets it has no deadlock', () => {
    const spec = 'locks: { l: }\ndaemons: { d: { with: l, command: ./d, timeout: 2s } }\nprocesses: { p: { with: l, command: ./p } }';
    expect(judged(spec).verdict.type).toBe('proved');
    expect(judged(spec.replace(', timeout: 2s', '')).verdict.type).toBe('counterexample');
  });

  it('of whose steps one runs a program that decides what it takes can deadlock, which is no more than possible', () => {
    expect(finding('locks: { a: , b: }\nprocesses: { x: { steps: [{ acquire: a }, { run: ./x }], uses: { b: acquire } }, y: { steps: [{ acquire: b }, { acquire: a }] } }')).toMatchObject(['warning', 'possible', '`x` and `y` can come to wait for ever: `x` waits here for `b`, held by `y`', expect.anything(), expect.anything()]);
  });

  it('whose programs decide what they take can deadlock, which is no more than possible', () => {
    expect(finding('locks: { a: , b: }\nprocesses: { x: { with: a, command: ./x, uses: { b: acquire } }, y: { with: b, command: ./y, uses: { a: acquire } } }')).toEqual(['warning', 'possible', expect.any(String), expect.any(Array), 'let `x`, `y` take all before the start: `with: [a, b]`']);
  });

  it('in which one waits for another that needs its lock is stuck with what mpctl does itself', () => {
    expect(finding('locks: { p: }\nprocesses: { x: { with: p, steps: [{ start: y }, { join: y }] }, y: { autostart: false, with: p, command: ./y } }')).toEqual([
      'error',
      'some interleaving',
      '`x` and `y` can come to wait for ever: `x` waits here for `y`',
      ['processes.x.with: 1. `x` acquires p', 'processes.x.steps.0: 2. `x` starts y', 'processes.y.with: `y` waits here for `p`, held by `x`'],
      'let `x` hold `p` by a step `with` that ends before `y` is waited for',
    ]);
  });

  it('in which one waits for items of another that closes the queue before, once it is started, is stuck, as a run is', () => {
    const spec = `
queues: { work: { items: [1] } }
processes:
  a: { steps: [{ join: b }] }
  b: { steps: [{ each: work, as: item, do: [{ print: item }] }] }
  c: { steps: [{ close: work }, { put: work, item: 1 }], depends_on: { a: { condition: exit } } }
`;
    expect(judged(spec).verdict).toMatchObject({ type: 'counterexample' });
    expect(judged(spec.replace(', depends_on: { a: { condition: exit } }', '')).verdict).toMatchObject({ type: 'proved' });
    expect(play(spec).end.exitCode).toBe(5);
  });

  it.each([
    ['receives from one that never sends and waits for him', '{ steps: [{ join: work }] }', '{ steps: [{ recv: feed }, { get: work }] }'],
    ['sends to one that never receives and waits for him', '{ steps: [{ send: feed, item: 1 }, { send: feed, item: 1 }, { set: go }] }', '{ steps: [{ wait: go }, { get: work }] }'],
  ])('in which one %s is stuck, as a run is: an end of a pipe is open until its owner ends', (_what, a, b) => {
    const spec = `
queues: { work: { items: [1] } }
events: { go: }
pipes: { feed: { from: a, to: b, capacity: 1 } }
processes: { a: ${a}, b: ${b} }
`;
    expect(judged(spec).verdict).toMatchObject({ type: 'counterexample' });
    expect(play(spec).end.exitCode).toBe(5);
  });

  it.each([
    ['shuts the run down before', '[{ wait: go }, { shutdown: 0 }]', 'success'],
    ['goes round for ever', '[{ wait: go }, { repeat: forever, do: [{ sleep: 1s }] }]', 'exit'],
  ])('in which one waits for an event of his own end, and %s, is stuck, as a run is', (_what, steps, moment) => {
    const spec = `
events: { go: }
processes: { a: { steps: ${steps}, sets: { ${moment}: go } } }
`;
    expect(judged(spec).verdict).toMatchObject({ type: 'counterexample' });
    expect(play(spec).end.exitCode).toBe(5);
  });

  it('is not alike another that has no end of the pipe that neither uses', () => {
    const spec = `
queues: { work: { items: [1] } }
pipes: { feed: { from: a, to: b } }
processes:
  a: { steps: [{ join: work }] }
  c: { steps: [{ join: work }] }
  b: { steps: [{ recv: feed }, { get: work }] }
`;
    expect(judged(spec).verdict).toMatchObject({ type: 'counterexample' });
    expect(judged(spec.replace('from: a', 'from: d').replace('  b:', '  d: { steps: [{ exit: 0 }] }\n  b:')).verdict).toMatchObject({ type: 'proved' });
  });

  it('is proved also where somebody puts into a queue whose end he has met: that lasts', () => {
    const spec = (steps: string): string => `
queues: { work: { items: [1] } }
processes:
  a: { steps: [{ each: work, as: item, do: [{ print: item }] }] }
  b: { steps: ${steps} }
`;
    for (const steps of [
      '[{ each: work, as: item, do: [{ print: item }] }, { put: work, item: 2 }]',
      '[{ each: work, as: item, do: [{ put: work, item: 2 }] }]',
      '[{ put: work, item: 2 }, { each: work, as: item, do: [{ print: item }] }]',
    ]) {
      const { verdict, assumptions } = judged(spec(steps));
      expect(verdict.type).toBe('proved');
      expect(assumptions.filter(({ kind }) => kind === 'left_out')).toEqual([]);
      expect(play(spec(steps)).end.exitCode).toBe(0);
    }
  });

  it('does not wait for what is put into a queue by somebody who has met its end, after which all have', () => {
    const spec = `
queues: { work: }
processes:
  a: { steps: [{ each: work, as: item, do: [{ print: item }] }, { put: work, item: 1 }] }
  b: { steps: [{ each: work, as: item, do: [{ print: item }] }, { join: a }, { put: work, item: 2 }] }
  c: { steps: [{ join: b }, { each: work, as: item, do: [{ print: item }] }] }
`;
    expect(play(spec).end.exitCode).toBe(0);
    expect(judged(spec).verdict.type).toBe('proved');
  });

  it('takes for granted that it is seen of a program that feeds its queue itself when it waits', () => {
    const { assumptions } = judged('queues: { work: { items: [1] } }\nprocesses: { a: { command: ./a, stdin: { queue: work }, stdout: { queue: work } } }');
    expect(assumptions).toContainEqual(expect.objectContaining({ kind: 'assumed', text: 'the system tells of `a` when it only waits for its next item of `work`' }));
  });

  it('in which somebody waits from the first on says who has taken what he waits for', () => {
    const spec = `
semaphores: { slots: 2 }
daemons:
  server: { with: slots, command: ./server }
  cache: { with: slots, command: ./cache }
processes:
  job: { with: slots, command: ./job }
`;
    expect(finding(spec)).toMatchObject(['error', 'some interleaving', expect.anything(), ['daemons.server.with: 1. `server` acquires slots', 'daemons.cache.with: 2. `cache` acquires slots'], expect.anything()]);
  });

  it('in which a sender goes on since the receiver has closed the pipe is proved, as a run succeeds', () => {
    const spec = `
pipes: { p: { from: a, to: b, capacity: 1 } }
processes:
  a: { steps: [{ send: p, item: 1 }, { send: p, item: 2 }], allow_failure: true }
  b: { steps: [{ close: p }, { join: a }] }
`;
    expect(judged(spec).verdict).toMatchObject({ type: 'proved' });
    expect(judged(spec.replace('from: a, to: b', 'between: [b, a]')).verdict).toMatchObject({ type: 'proved' });
    expect(play(spec).end.exitCode).toBe(0);
  });

  it('is not proved by a `shutdown` that comes some time: a run tells before who waits for ever', () => {
    const spec = `
events: { never: }
processes:
  a: { steps: [{ sleep: 1s }, { shutdown: 0 }] }
  b: { steps: [{ join: spare }, { start: spare }] }
  spare: { autostart: false, steps: [{ set: never }] }
`;
    expect(describeJudgement(judged(spec))).toBe('not proved: `b` may wait for ever for `spare` until `a` ends the run, which is a deadlock where that takes longer than a moment\n');
    expect(play(spec).end.exitCode).toBe(5);
    expect(judged(spec.replace('{ join: spare }, ', '')).verdict.type).toBe('proved');
  });

  it('can be stuck in a part while a daemon goes on for ever', () => {
    expect(finding(`${crossed}daemons: { tick: { steps: [{ repeat: forever, do: [{ sleep: 1s }] }] } }\n`)).toEqual([
      'error',
      'some interleaving',
      '`x` and `y` can come to wait for ever: `x` waits here for `b`, held by `y`',
      ['processes.x.steps.0: 1. `x` acquires a', 'processes.y.steps.0: 2. `y` acquires b', 'processes.y.steps.1: `y` waits here for `a`, held by `x`'],
      'take `a`, `b` in this order everywhere, or together in one step: `acquire: [a, b]`',
    ]);
  });

  it.each([
    ['the same two', (): number => 0],
    ['two of each pair', (index: number): number => Math.floor(index / 2)],
  ])('of 40 that take a pair of locks, %s, is refuted where one takes them the other way round, and else proved', (_, pairOf) => {
    const pairs = [...new Set(Array.from({ length: 40 }, (__, index) => pairOf(index)))];
    const process = (index: number, first: string, second: string): string =>
      `  p${String(index)}: { steps: [{ acquire: ${first}${String(pairOf(index))} }, { acquire: ${second}${String(pairOf(index))} }, { run: work }, { release: ${second}${String(pairOf(index))} }, { release: ${first}${String(pairOf(index))} }] }\n`;
    const text = (isCrossed: boolean): string =>
      `locks:\n${pairs.map((pair) => `  a${String(pair)}:\n  b${String(pair)}:\n`).join('')}processes:\n${Array.from({ length: 40 }, (__, index) => (isCrossed && index === 39 ? process(index, 'b', 'a') : process(index, 'a', 'b'))).join('')}`;
    expect(judged(text(false)).verdict.type).toBe('proved');
    const { verdict } = judged(text(true), 1000);
    expect(verdict.type === 'counterexample' ? verdict.steps.length : verdict.type).toBe(2);
  });

  it('whose crossed locks are all behind one gate is proved by the order of the rest', () => {
    const text = `
locks: { gate: , a: , b: }
processes:
  x: { steps: [{ acquire: gate }, { acquire: a }, { acquire: b }, { release: [a, b] }, { release: gate }] }
  y: { steps: [{ acquire: gate }, { acquire: b }, { acquire: a }, { release: [b, a] }, { release: gate }] }
`;
    expect(judged(text).verdict).toEqual({ type: 'proved', by: 'order' });
    expect(judged(text.replace('{ acquire: gate }, { acquire: b }', '{ acquire: b }').replace('a] }, { release: gate }] }', 'a] }] }')).verdict.type).toBe('counterexample');
  });

  it('that is too large for the budget is not said to be proved', () => {
    const judgement = judged(`
locks: { a: , b: }
events: { go: }
processes:
  x: { replicas: 3, steps: [{ acquire: a }, { acquire: b }, { release: [a, b] }, { set: go }] }
  y: { replicas: 3, steps: [{ wait: go }, { acquire: b }, { acquire: a }] }
`, 10);
    expect(judgement.verdict).toMatchObject({ type: 'bound' });
    expect(describeJudgement(judgement)).toMatch(/^not proved: no deadlock within \d+ states, \d steps deep, and what comes after them was not looked at\n$/u);
  });

  it('tells of a deadlock also what others do who are not in it, where it takes that, and nothing else', () => {
    const text = `
locks: { a: , b: }
events: { go: }
processes:
  helper: { steps: [{ set: go }, { run: more }] }
  other: { steps: [{ run: one }, { run: two }] }
  x: { steps: [{ wait: go }, { acquire: a }, { acquire: b }] }
  y: { steps: [{ acquire: b }, { acquire: a }] }
daemons: { tick: { steps: [{ repeat: forever, do: [{ sleep: 1s }] }] } }
`;
    const { verdict } = judged(text);
    expect(verdict.type === 'counterexample' ? [verdict.stuck.map(({ name }) => name), verdict.steps.map(({ actor, what }) => `${actor} ${what}`).toSorted()] : verdict.type).toEqual([['x', 'y'], ['helper sets go', 'x acquires a', 'y acquires b']]);
  });

  it('in which a failure beside it would end the run is not said to be proved', () => {
    expect(judged('locks: { l: }\nprocesses: { a: { steps: [{ join: b }] }, b: { steps: [{ join: a }] }, w: { steps: [{ repeat: forever, do: [{ run: sleep }] }] } }').verdict.type).toBe('counterexample');
  });

  const forever = (...locks: readonly string[]): string => locks.reduceRight((inner, lock) => `{ with: ${lock}, do: [${inner}] }`, '{ run: work }');

  it.each([
    ['in one order is proved, though none of them ever ends', forever('l', 'm'), 'proved'],
    ['in opposite order is refuted, though another goes on', forever('m', 'l'), 'counterexample'],
  ])('whose processes take locks for ever %s', (_, second, expected) => {
    const loop = (step: string): string => `{ steps: [{ repeat: forever, do: [${step}] }] }`;
    const text = `locks: { l: , m: }\nevents: { go: }\nprocesses: { a: ${loop(forever('l', 'm'))}, b: ${loop(second)}, t: ${loop('{ sleep: 1s }')}, c: { steps: [{ acquire: m }, { release: m }, { acquire: l }, { release: l }, { set: go }] }, d: { steps: [{ wait: go }] } }`;
    expect(judged(text).verdict.type).toBe(expected);
  });

  it('waits for ever for an event that is set when a daemon is stopped, as that is after all others have ended', () => {
    const { verdict } = judged('events: { over: }\ndaemons: { loops: { steps: [{ repeat: forever, do: [{ sleep: 1s }] }], sets: { exit: over } } }\nprocesses: { waits: { command: x, wait_for: [over] } }');
    expect(verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'waits', waitsFor: ['over'] }] });
  });

  it('may come to wait for ever beside one that goes round, and is told with those who then wait', () => {
    expect(finding('processes: { a: { steps: [{ join: b, timeout: 1s, on_timeout: continue }, { join: b }] }, b: { steps: [{ join: a }] }, w: { restart: always, command: sleep } }')).toEqual([
      'error',
      'some interleaving',
      '`a` and `b` can come to wait for ever: `a` waits here for `b`',
      ['processes.a.steps.0: 1. `a` has waited long enough', 'processes.b.steps.0: `b` waits here for `a`'],
      'remove one of these waits, or let `a` not wait for ever: with `timeout: 1m` its wait for `b` fails',
    ]);
  });

  it('in which one goes round for ever and does nothing there, as what it would do comes no time, is looked at like any other', () => {
    const spec = 'locks: { l: }\nprocesses: { a: { steps: [{ acquire: l }, { join: b }] }, b: { steps: [{ repeat: forever, do: [{ repeat: 0, do: [{ acquire: l, timeout: 1s }, { release: l }] }] }] } }';
    expect(judged(spec).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'a' }] });
  });

  it.each([
    ['[a, b]', 3],
    ['[a, b, c]', 2],
  ])('with a pool of tasks %s that meet, %i at a time, cannot deadlock: too few of them break the barrier', (tasks, parties) => {
    const judgement = judged(`barriers: { meet: { parties: ${String(parties)} } }\nqueues: { work: { items: ${tasks} } }\npools: { crew: { workers: ${String(parties)}, tasks: { queue: work }, steps: [{ wait: meet }] } }`);
    expect(judgement.verdict.type).toBe('proved');
    expect(judgement.assumptions.filter(({ kind }) => kind === 'left_out')).toEqual([]);
  });

  it('of more actors than are looked at is not said to be proved', () => {
    const wayOut = '\n  a copy with less of that, such as fewer `replicas`, `workers` or rounds, is looked at\n';
    const start = 'not proved: there is more to this spec than is looked at for a deadlock: ';
    expect(describeJudgement(judged('processes: { p: { replicas: 4001, command: ./p } }'))).toBe(`${start}4001 instances and slots, of at most 4000${wayOut}`);
    expect(describeJudgement(judged('pools: { p: { workers: 201, tasks: [a], command: ./p } }'))).toBe(`${start}201 slots of pools, of at most 200${wayOut}`);
    expect(describeJudgement(judged(`locks: { l: }\nprocesses: { p: { steps: [${'{ acquire: l }, { release: l }, '.repeat(3000)}] } }`))).toBe(`${start}what \`p\` does has more than 5000 states${wayOut}`);
  });

  it('is proved under assumptions, which are told, as is what was left out', () => {
    expect(describeJudgement(judged('daemons: { d: { command: ./d } }\nprocesses: { p: { depends_on: [d], command: ./p } }\nfinally: { tidy: { command: ./tidy, depends_on: { d: { condition: exit } } } }'))).toBe(
      'no deadlock: proved but for a part, since there is an order in which all else is waited for\n  provided that programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock\n  provided that the daemon `d` runs until it is stopped\n  but for `tidy` of `finally`, which comes after the end\n',
    );
  });
});

it('ends for good who is terminated before anybody starts it, as a run does', () => {
  const { verdict } = judge(
    validPlan(`processes:
  ender: { steps: [{ terminate: spare }] }
  joiner: { steps: [{ join: spare }, { start: spare }] }
  spare: { autostart: false, steps: [{ run: work }] }
`),
    { maxStates: 1000, mayGoOn: () => true },
  );
  expect(verdict.type).toBe('proved');
});
