import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import type { ScheduledOperation } from '../../../src/schedule/schedule.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { scheduleOf } from '../../../src/verify/schedule-of.ts';
import { wayTo } from '../../../src/verify/shortest-way.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { fairSpec, lockableSpec } from './lockable-spec.ts';
import { replay } from './replay.ts';
import { terminalStates } from './terminal-states.ts';

/** Of each spec so many schedules of each kind are changed. */
const mostOfEach = 2;

/** One change: at a place, with another place where it needs one. */
const change = fc.record({ at: fc.nat(), other: fc.nat(), how: fc.constantFrom('drop', 'repeat', 'swap', 'waits', 'ends', 'done') });
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(operations: readonly ScheduledOperation[], { at, other, how }: Change): readonly ScheduledOperation[] {
  const place = at % operations.length;
  const second = other % operations.length;
  const here = operations[place];
  const there = operations[second];
  if (here === undefined || there === undefined) return operations;
  switch (how) {
    case 'drop':
      return operations.toSpliced(place, 1);
    case 'repeat':
      return operations.toSpliced(second, 0, here);
    case 'swap':
      return operations.with(place, there).with(second, here);
    default:
      return operations.with(place, { ...here, outcome: how });
  }
}

it('a run comes to an end along whatever schedule, also where it cannot be followed', () => {
  fc.assert(
    fc.property(fc.oneof(lockableSpec, fairSpec), fc.array(change, { minLength: 1, maxLength: 4 }), (spec, changes) => {
      const written = planOrNull(spec);
      fc.pre(written !== null);
      const plan: Plan = { ...written, onFailure: 'continue' };
      const system = new ModelSystem(compilePlan(plan).model);
      const found = exploreAll(system);
      const { stuck, final } = terminalStates(found);
      for (const number of [...stuck.slice(0, mostOfEach), ...final.slice(0, mostOfEach)]) {
        const schedule = scheduleOf(system, wayTo(found, number));
        const operations = changes.reduce(changed, schedule.operations);
        // One that never ends is found out by the world that it runs in.
        expect(() => replay(plan, { ...schedule, operations })).not.toThrow();
      }
    }),
    { numRuns: 300 },
  );
});
