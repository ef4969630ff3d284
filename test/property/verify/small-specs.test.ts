import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { type Assumption, hasEveryRun, leavesOut } from '../../../src/verify/assumption.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { explore } from '../../../src/verify/explore.ts';
import { judge } from '../../../src/verify/judge.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { stateAt } from '../../../src/verify/shortest-way.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { chanceWorld } from '../../rig/chance-world.ts';
import { runVirtually, type WorldResult } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { smallSpec } from './small-spec.ts';

const runsOfEach = 6;
const budget = { maxStates: 4000, mayGoOn: (): boolean => true };

/** One of only daemons lasts until it is stopped. */
function smallPlan(seed: number): Plan | null {
  const plan = planOrNull(smallSpec(seed));
  return plan !== null && (plan.pools.length > 0 || plan.instances.some(({ kind, autostart }) => kind === 'process' && autostart)) ? plan : null;
}

/** The daemons that the model holds for ones that last. */
function lastingOf({ instances }: Plan, assumptions: readonly Assumption[]): ReadonlySet<string> {
  return new Set(instances.flatMap(({ name, process }) => (assumptions.some(({ text }) => text === `the daemon \`${process}\` runs until it is stopped`) ? [name] : [])));
}

/** What came of a run; null of one that a daemon, or what somebody does again and again, keeps for ever. */
function runOf(plan: Plan, seed: number, assumptions: readonly Assumption[]): WorldResult | null {
  try {
    return runVirtually(plan, chanceWorld(plan, seed, lastingOf(plan, assumptions)));
  } catch (error) {
    const isKept = plan.instances.some(({ kind }) => kind === 'daemon') && String(error).includes('the run hangs');
    if (isKept || String(error).includes('goes round in circles')) return null;
    throw error;
  }
}

function runsOf(plan: Plan, seed: number, assumptions: readonly Assumption[]): readonly WorldResult[] {
  return Array.from({ length: runsOfEach }, (_, index) => runOf(plan, seed + index, assumptions)).flatMap((result) => result ?? []);
}

function hasDeadlocked({ events }: WorldResult): boolean {
  return events.some(({ type }) => type === 'run.deadlock');
}

it('no run deadlocks where there is a proof, whatever a small spec is made of and whatever goes wrong', () => {
  const seen = { proved: 0, deadlocked: 0 };
  assertUntil(
    fc.property(fc.nat(), (seed) => {
      const plan = smallPlan(seed);
      fc.pre(plan !== null);
      const { verdict, assumptions } = judge(plan, budget);
      const deadlocks = runsOf(plan, seed, assumptions).filter(hasDeadlocked);
      if (deadlocks.length > 0) seen.deadlocked += 1;
      if (verdict.type !== 'proved' || leavesOut(assumptions)) return;
      seen.proved += 1;
      expect(deadlocks.flatMap(({ events }) => events.filter(({ type }) => type === 'run.deadlock'))).toEqual([]);
    }),
    { numRuns: 25 },
    { count: () => Math.min(seen.proved, seen.deadlocked), moreThan: 2 },
  );
});

/** How all have ended who are in the model, and have an end of their own. */
function endsOf({ instances, pools }: Plan, within: ReadonlySet<string>, outcomes: readonly (readonly [string, string | null])[]): string {
  const names = new Set([...instances.filter(({ kind }) => kind !== 'daemon'), ...pools].map(({ name }) => name));
  return [...new Map(outcomes)]
    .flatMap(([name, outcome]) => (names.has(name) && within.has(name) ? [`${name} ${outcome === null || outcome === 'stopped' ? 'skipped' : outcome}`] : []))
    .toSorted()
    .join(', ');
}

it('a run comes to nothing but what the model says, whatever a small spec is made of and whatever goes wrong', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const written = smallPlan(seed);
      // Whoever ends the whole run has no end of his own in the model, and what is declared endless is not given up there.
      fc.pre(written !== null && !/"shutdown"|"always"/u.test(JSON.stringify(smallSpec(seed))));
      const plan: Plan = { ...written, onFailure: 'continue' };
      const { model, assumptions } = compilePlan(plan);
      const system = new ModelSystem(model);
      const found = explore(system, { budget, judgesEnd: true, stopsAtStuck: false, isReduced: false });
      // Where a pool waits for what only its own tasks could lead to, a run ends it.
      fc.pre(found.isComplete && hasEveryRun(assumptions) && assumptions.every(({ onlyIf }) => onlyIf?.part !== 'is_open'));
      const within = new Set(system.graphs.map(({ name }) => name));
      const ends = new Set(
        Array.from({ length: found.states }, (_, number) => stateAt(found, number)).flatMap((state) =>
          system.isFinal(state) ? [endsOf(plan, within, system.graphs.map(({ name, locations }, actor) => [name, locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null]))] : [],
        ),
      );
      for (const result of runsOf(plan, seed, assumptions)) {
        const outcomes = result.events.flatMap((event): readonly (readonly [string, string])[] => {
          if (event.type === 'instance.ended') return [[event.instance, event.state]];
          return event.type === 'pool.ended' ? [[event.pool, event.state]] : [];
        });
        const said = hasDeadlocked(result) ? 'deadlock' : endsOf(plan, within, outcomes);
        expect([...ends, ...(found.trappedStates === 0 ? [] : ['deadlock'])]).toContain(said);
      }
    }),
    { numRuns: 25 },
  );
});
