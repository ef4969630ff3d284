import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { judge } from '../../../src/verify/judge.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { stateAt } from '../../../src/verify/shortest-way.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import type { Keys } from './lockable-spec.ts';

const deadlockCode = 5;
const fails: Json = { exit: 1 };

/** Of a task: some fail, or do so where another one has come first. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant(fails) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Json>(
      { get: 'turn', block: false, on_timeout: [fails] },
      { get: 'turn', block: false, on_timeout: [{ sleep: '9ms' }, { set: 'go' }, { exit: 0 }] },
      { get: 'turn', allow_failure: true },
      { wait: 'go', timeout: '4ms' },
      { wait: 'go' },
      { set: 'go' },
      { sleep: '3ms' },
      { put: 'out', item: 1 },
      { with: 'left', do: [{ sleep: '2ms' }, fails] },
      { with: 'left', do: [{ wait: 'go' }] },
      { run: 'sleep 2' },
    ),
  },
);

const pool = fc
  .record({
    workers: fc.constantFrom(1, 2, 2, 3),
    tasks: fc.constantFrom<Json[]>([1, 2, 3], [1, 2], { queue: 'work' }, { range: [1, 3] }),
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
    halt: fc.constantFrom<Keys[]>({}, { halt: { after: 1 } }, { halt: { after: 1 } }, { halt: { after: 2 } }, { halt: { after: 3 } }, { halt: { after: '50%' } }),
    onHalt: fc.constantFrom<Keys[]>({}, {}, { on_halt: 'kill' }),
    holds: fc.constantFrom<Keys[]>({}, {}, { with: ['left'] }, { with: ['slots'] }),
    more: fc.constantFrom<Keys[]>({}, {}, {}, { retry: { attempts: 2, backoff: { initial: '1ms' } } }, { allow_failure: true }, { results: { queue: 'out' }, order: 'completion' }, { sets: { success: 'go' } }, { sets: { failure: 'go' } }),
  })
  .map(({ halt, onHalt, holds, more, ...keys }): Keys => ({ ...keys, ...halt, ...('halt' in halt ? onHalt : {}), ...holds, ...more }));

const doing = fc.array(
  fc.constantFrom<Json>({ get: 'out' }, { get: 'out', block: false, on_timeout: 'continue' }, { join: 'crew' }, { with: 'left', do: [{ join: 'crew' }] }, { with: 'left', do: [{ wait: 'go' }] }, { set: 'go' }, { get: 'turn', allow_failure: true }, { sleep: '2ms' }),
  { minLength: 1, maxLength: 3 },
);

const depends = fc.constantFrom<Keys[]>({ depends_on: ['crew'] }, { depends_on: { crew: { condition: 'failure' } } });

const spec = fc.record({ pool, doing, depends, does: fc.constantFrom<Json>({ wait: 'over' }, { set: 'over' }), fair: fc.boolean() }).map(({ pool: crew, doing: steps, depends: moment, does, fair }) => ({
  on_failure: 'continue',
  locks: { left: null },
  semaphores: { slots: { permits: 1, fair } },
  events: { go: null, over: null },
  queues: { work: { items: [1, 2, 3] }, out: null, turn: { items: [1] } },
  pools: { crew },
  processes: {
    // But for it a thing of which nobody does one half would be refused.
    idle: { autostart: false, steps: [{ set: 'go' }, { set: 'over' }, { put: 'out', item: 1 }, { get: 'out' }, { put: 'turn', item: 1 }, { get: 'turn' }, { put: 'work', item: 1 }, { get: 'work' }] },
    other: { steps },
    behind: { steps: [does], ...moment },
  },
}));

/** How all have ended who have an end; a pool is none the worse for having been refused. */
function textOf(outcomes: readonly (readonly [string, string | null])[]): string {
  return outcomes
    .map(([name, outcome]) => `${name} ${outcome === null || outcome === 'stopped' ? 'skipped' : outcome}`)
    .toSorted()
    .join(', ');
}

/** The ends that the model has, and whether it can be stuck. */
function modelOf(plan: Plan): { readonly canDeadlock: boolean; readonly ends: ReadonlySet<string> } {
  const system = new ModelSystem(compilePlan(plan).model);
  const found = exploreAll(system);
  const ends = new Set<string>();
  for (let number = 0; number < found.states; number += 1) {
    const state = stateAt(found, number);
    if (!system.isFinal(state)) continue;
    ends.add(textOf([...system.graphs.entries()].flatMap(([actor, { name, ofPool, locations }]) => (ofPool === 'slot' ? [] : [[name, locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null] as const]))));
  }
  return { canDeadlock: found.trappedStates !== 0, ends };
}

function endOf(plan: Plan, options: { readonly seed?: number }): { readonly exitCode: number; readonly text: string } {
  const { end, events } = runVirtually(plan, options);
  const outcomes = events.flatMap((event): readonly (readonly [string, string])[] => {
    if (event.type === 'instance.ended') return [[event.instance, event.state]];
    return event.type === 'pool.ended' ? [[event.pool, event.state]] : [];
  });
  return { exitCode: end.exitCode, text: textOf(outcomes) };
}

it('a run with a pool that may fail, and be halted, comes to nothing but what the model says, in whatever order things happen', () => {
  const seen = { deadlocked: 0, failed: 0, succeeded: 0 };
  assertUntil(
    fc.property(spec, fc.nat(), (written, seed) => {
      const plan = planOrNull(written);
      fc.pre(plan !== null);
      const { canDeadlock, ends } = modelOf(plan);
      const { verdict } = judge(plan, { maxStates: 50_000, mayGoOn: () => true });
      for (const options of [{}, { seed }, { seed: seed + 1 }, { seed: seed + 2 }]) {
        const { exitCode, text } = endOf(plan, options);
        const hasDeadlocked = exitCode === deadlockCode;
        if (hasDeadlocked) seen.deadlocked += 1;
        else seen[text.includes('crew failed') ? 'failed' : 'succeeded'] += 1;
        expect(hasDeadlocked && (!canDeadlock || verdict.type === 'proved')).toBe(false);
        expect(hasDeadlocked || ends.has(text) ? null : text).toBeNull();
      }
    }),
    { numRuns: 60 },
    { count: () => Math.min(seen.deadlocked, seen.failed, seen.succeeded), moreThan: 5 },
  );
});
