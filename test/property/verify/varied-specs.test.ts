import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { hasEveryRun, leavesOut } from '../../../src/verify/assumption.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { explore } from '../../../src/verify/explore.ts';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { stateAt } from '../../../src/verify/shortest-way.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { everyStepSpec, fairSpec, fragilePoolSpec, type Keys, lockableSpec, orderingSpec, pipedSpec, stoppedToTheLast } from './lockable-spec.ts';
import { replay } from './replay.ts';
import { varied } from './varied-spec.ts';

const specs = fc.oneof(...[lockableSpec, fairSpec, pipedSpec, orderingSpec, everyStepSpec, fragilePoolSpec, stoppedToTheLast].map(varied));
const deadlockCode = 5;
/** Larger ones take long to look at without telling more. */
const budget = { maxStates: 20_000, mayGoOn: (): boolean => true };
const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };

interface Known {
  readonly canDeadlock: boolean;
  readonly ends: ReadonlySet<string>;
}

/** All that a run which goes on after a failure may come to; null where that is not known of every run, or too much. */
function knownOf(plan: Plan): Known | null {
  const { model, assumptions } = compilePlan(plan);
  const system = new ModelSystem(model);
  const found = explore(system, { budget, judgesEnd: true, stopsAtStuck: false, isReduced: false });
  if (!found.isComplete || !hasEveryRun(assumptions)) return null;
  const ends = new Set<string>();
  for (let number = 0; number < found.states; number += 1) {
    const state = stateAt(found, number);
    if (!system.isFinal(state)) continue;
    ends.add(textOf(plan, [...system.graphs.entries()].map(([actor, { name, locations }]) => [name, locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null])));
  }
  return { canDeadlock: found.trappedStates !== 0, ends };
}

/** How each has ended, at the last, who has an end of his own: a daemon is stopped with the run, and nobody asks for the slot of a pool. */
function textOf(plan: Plan, outcomes: readonly (readonly [string, string | null])[]): string {
  const names = new Set([...plan.instances.filter(({ kind }) => kind !== 'daemon'), ...plan.pools].map(({ name }) => name));
  return [...new Map(outcomes)]
    .flatMap(([name, outcome]) => (names.has(name) ? [`${name} ${outcome === null || outcome === 'stopped' ? 'skipped' : outcome}`] : []))
    .toSorted()
    .join(', ');
}

/** Whoever ends the whole run has no end of his own in the model, and what is declared endless is not given up there. */
function isFollowed(spec: Keys): boolean {
  return !/"shutdown"|"always"/u.test(JSON.stringify(spec));
}

/** What stands in for a program sends nothing, and receives nothing. */
function hasProgramAtPipe({ primitives, instances }: Plan): boolean {
  const programs = new Set(instances.flatMap(({ name, body }) => (body.type === 'command' ? [name] : [])));
  return primitives.some((primitive) => primitive.kind === 'pipe' && primitive.ends.some((end) => programs.has(end)));
}

it('a run comes to nothing but what the model says, with whatever a process may have', () => {
  const seen = { deadlocked: 0, ended: 0 };
  assertUntil(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const written = isFollowed(spec) ? planOrNull(spec) : null;
      fc.pre(written !== null);
      const plan: Plan = { ...written, onFailure: 'continue' };
      const known = knownOf(plan);
      fc.pre(known !== null);
      for (const options of [{}, { seed }, { seed: seed + 1 }]) {
        const { end, events } = runVirtually(plan, options);
        const hasDeadlocked = end.exitCode === deadlockCode;
        seen[hasDeadlocked ? 'deadlocked' : 'ended'] += 1;
        expect(hasDeadlocked && !known.canDeadlock).toBe(false);
        const text = textOf(plan, events.flatMap((event): readonly (readonly [string, string])[] => {
          if (event.type === 'instance.ended') return [[event.instance, event.state]];
          return event.type === 'pool.ended' ? [[event.pool, event.state]] : [];
        }));
        expect(hasDeadlocked || known.ends.has(text) ? null : text).toBeNull();
      }
    }),
    { numRuns: 60 },
    { count: () => Math.min(seen.deadlocked, seen.ended), moreThan: 10 },
  );
});

it('a run comes to each deadlock that is told as sure, and to none where there is a proof, with whatever a process may have', () => {
  const seen = { proved: 0, sure: 0 };
  assertUntil(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null);
      const judgement = judge(plan, budget);
      const { verdict, assumptions } = judgement;
      const isWhole = verdict.type === 'proved' && !leavesOut(assumptions);
      if (isWhole) seen.proved += 1;
      for (const options of isWhole ? [{}, { seed }] : []) expect(runVirtually(plan, options).events.filter(({ type }) => type === 'run.deadlock')).toEqual([]);
      if (verdict.type !== 'counterexample' || hasProgramAtPipe(plan)) return;
      const findings = deadlockFindings(plan, judgement, () => nowhere);
      for (const [index, { schedule }] of toldOf(verdict).entries()) {
        // What stands in for a program here does nothing that is declared of it.
        const acts = schedule.operations.some(({ op, outcome }) => op === 'program' && outcome === 'acts');
        if (acts || findings[index]?.severity !== 'error') continue;
        seen.sure += 1;
        expect(replay(plan, schedule)).toMatchObject({ exitCode: deadlockCode, departure: null });
      }
    }),
    { numRuns: 100 },
    { count: () => Math.min(seen.proved, seen.sure), moreThan: 10 },
  );
});
