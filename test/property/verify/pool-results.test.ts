import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import type { Keys } from './lockable-spec.ts';

const deadlockCode = 5;
const takes: Json = { each: 'out', do: [{ print: 'got' }] };

const body = fc.constantFrom<Keys>({ command: 'exit 0' }, { command: 'exit 1' }, { steps: [{ sleep: '2ms' }] }, { command: 'sleep 5', with: ['left'] }, { command: 'exit 1', retry: { attempts: 2, backoff: { initial: '1ms' } } }, { steps: [{ with: 'left', do: [{ sleep: '1ms' }] }] });
const steps = fc.array(fc.constantFrom<Json>(takes, { get: 'out' }, { join: 'work' }, { wait: 'go' }, { with: 'left', do: [takes] }, { with: 'left', do: [{ get: 'out' }] }, { with: 'left', do: [{ join: 'work' }] }), { minLength: 1, maxLength: 3 });
const others = fc.array(fc.constantFrom<Json>({ set: 'go' }, { put: 'out', item: 1 }, { get: 'out' }, { with: 'left', do: [{ join: 'work' }] }), { minLength: 1, maxLength: 3 });

/** Results of a pool that go into a queue, which somebody takes, or not in time. */
const spec = fc.record({ capacity: fc.constantFrom(0, 1, 2), workers: fc.constantFrom(1, 2, 3), order: fc.constantFrom('input', 'completion'), body, steps, others }).map((made) => ({
  on_failure: 'continue',
  locks: { left: null },
  events: { go: null },
  queues: { out: { capacity: made.capacity } },
  pools: { work: { workers: made.workers, tasks: [1, 2, 3], order: made.order, ...made.body, results: { queue: 'out' } } },
  processes: { sink: { steps: made.steps }, other: { steps: made.others } },
}));

it('a run whose pool puts its results into a queue deadlocks only where the model can', () => {
  const seen = { deadlocked: 0, ended: 0 };
  assertUntil(
    fc.property(spec, fc.nat(), (written, seed) => {
      const plan = planOrNull(written);
      fc.pre(plan !== null);
      const { model, assumptions } = compilePlan(plan);
      // With tasks that may wait the order of their results is left out, and a proof says so.
      fc.pre(!assumptions.some(({ text }) => text.startsWith('the order of the results')));
      const canDeadlock = exploreAll(new ModelSystem(model)).trappedStates !== 0;
      for (const options of [{}, { seed }, { seed: seed + 1 }]) {
        const hasDeadlocked = runVirtually(plan, options).end.exitCode === deadlockCode;
        seen[hasDeadlocked ? 'deadlocked' : 'ended'] += 1;
        expect(hasDeadlocked && !canDeadlock).toBe(false);
      }
    }),
    { numRuns: 60 },
    { count: () => Math.min(seen.deadlocked, seen.ended), moreThan: 10 },
  );
});
