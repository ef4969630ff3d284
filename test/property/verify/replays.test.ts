import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { RandomOrder } from '../../../src/schedule/random-order.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import type { StandIn } from '../../../src/schedule/stand-ins.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import type { Exploration } from '../../../src/verify/explore.ts';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { scheduleOf } from '../../../src/verify/schedule-of.ts';
import { stateAt, wayTo } from '../../../src/verify/shortest-way.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { type Keys, readAtTheLast } from './lockable-spec.ts';
import { type Replay, replay } from './replay.ts';
import { kindsOfSpecs } from './kinds-of-specs.ts';
import { terminalStates } from './terminal-states.ts';

const withFinally = [...kindsOfSpecs, ['with others in `finally` that read what they send', readAtTheLast]] as const;
const deadlockCode = 5;
const nowhere = { source: { name: 's', text: '' }, start: 0, end: 0 };
/** Of each spec so many states are come to. */
const mostStates = 5;

interface Visit {
  readonly plan: Plan;
  readonly system: ModelSystem;
  readonly found: Exploration;
  /** Not every way of the model is one of a run, whatever has a part in it: a deadlock that it comes to is told as possible. */
  readonly isCoarser: boolean;
}

/** All states of a spec that goes on after a failure, so that whoever can be stuck is. */
function visit(spec: Keys): Visit | null {
  const written = planOrNull(spec);
  if (written === null) return null;
  const plan: Plan = { ...written, onFailure: 'continue' };
  const { model, assumptions } = compilePlan(plan);
  const system = new ModelSystem(model);
  return { plan, system, found: exploreAll(system), isCoarser: assumptions.some(({ kind, onlyIf }) => kind === 'coarser' && onlyIf === undefined) };
}

/** How each instance stands in a state: its outcome, or null. */
function outcomesIn({ system, found }: Visit, number: number): ReadonlyMap<string, string | null> {
  const state = stateAt(found, number);
  const instances = [...system.graphs.entries()].filter(([, { ofPool }]) => ofPool === null);
  return new Map(instances.map(([actor, { name, locations }]) => [name, locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null]));
}

/** The schedule to a state. */
function scheduleTo({ system, found }: Visit, number: number): Schedule {
  return scheduleOf(system, wayTo(found, number));
}

/** Some of a list, from all over it. */
function some(numbers: readonly number[]): readonly number[] {
  const step = Math.max(1, Math.ceil(numbers.length / mostStates));
  return numbers.filter((_, index) => index % step === 0);
}

/** One that was stopped before it began is told as skipped. */
function isSameEnd(ofModel: string, ofRun: string | undefined): boolean {
  return ofRun === ofModel || (ofModel === 'stopped' && ofRun === 'skipped');
}

function whyLeft(departure: Replay['departure']): string | null {
  return departure === null ? null : `it has left its schedule at ${JSON.stringify(departure)}`;
}

/** What is wrong with a run that was to come to a deadlock of others than those who have ended. */
function whyNoDeadlock({ exitCode, departure, cycle }: Replay, isStuck: (instance: string) => boolean): string | null {
  if (departure !== null) return whyLeft(departure);
  if (exitCode !== deadlockCode) return `it has ended with ${exitCode}`;
  const others = cycle.filter(({ instance }) => !isStuck(instance));
  return others.length === 0 ? null : `it tells of ${JSON.stringify(others)}`;
}

it.each(withFinally)('a run of processes %s comes to each state of the model where somebody is stuck, and says so of them', (_, specs) => {
  fc.assert(
    fc.property(specs, (spec) => {
      const visited = visit(spec);
      fc.pre(visited !== null && !visited.isCoarser);
      for (const number of some(terminalStates(visited.found).stuck)) {
        const outcomes = outcomesIn(visited, number);
        const replayed = replay(visited.plan, scheduleTo(visited, number));
        expect(whyNoDeadlock(replayed, (instance) => (outcomes.get(instance) ?? null) === null)).toBeNull();
      }
    }),
    { numRuns: 60 },
  );
});

it.each(withFinally)('a run of processes %s comes to the deadlock that the check tells of, and tells of the same', (_, specs) => {
  fc.assert(
    fc.property(specs, (spec) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null);
      const judgement = judge(plan, { maxStates: 20_000, mayGoOn: () => true });
      const { verdict } = judgement;
      if (verdict.type !== 'counterexample') return;
      const findings = deadlockFindings(plan, judgement, () => nowhere);
      for (const [index, { stuck: told, schedule }] of toldOf(verdict).entries()) {
        // One that is told as possible may be none of a run.
        if (findings[index]?.severity !== 'error') continue;
        // A run tells of a pool as a whole.
        const stuck = new Set(told.flatMap(({ name }) => [name, name.replace(/-\d+$/u, '')]));
        expect(whyNoDeadlock(replay(plan, schedule), (instance) => stuck.has(instance))).toBeNull();
      }
    }),
    { numRuns: 120 },
  );
});

it.each(kindsOfSpecs)('a run comes to each end of the model, of processes %s', (_, specs) => {
  fc.assert(
    fc.property(specs, (spec) => {
      const visited = visit(spec);
      fc.pre(visited !== null && !visited.isCoarser);
      for (const number of some(terminalStates(visited.found).final)) {
        const { departure, ends } = replay(visited.plan, scheduleTo(visited, number));
        const others = [...outcomesIn(visited, number)].filter(([name, outcome]) => outcome !== null && !isSameEnd(outcome, ends.get(name)));
        expect(whyLeft(departure) ?? (others.length === 0 ? null : `these end otherwise: ${JSON.stringify(others.map(([name, outcome]) => [name, outcome, ends.get(name)]))}`)).toBeNull();
      }
    }),
    { numRuns: 60 },
  );
});

it.each(kindsOfSpecs)('each end of a run is one of the model, in whatever order things happen, of processes %s', (_, specs) => {
  fc.assert(
    fc.property(specs, fc.nat(), (spec, seed) => {
      // Whoever ends the whole run has no end of his own in the model.
      const visited = JSON.stringify(spec).includes('shutdown') ? null : visit(spec);
      fc.pre(visited !== null);
      const known = new Set(terminalStates(visited.found).final.map((number) => textOf(outcomesIn(visited, number))));
      const inOrder = { order: new RandomOrder(seed), endless: new Set<string>(), standInOf: (): StandIn => ({ deeds: [], end: 'succeeds' }) };
      for (const options of [{}, { seed }, { seed: seed + 1 }, { inOrder }]) {
        const { end, events } = runVirtually(visited.plan, options);
        if (end.exitCode === deadlockCode) continue;
        const outcomes = new Map(events.flatMap((event) => (event.type === 'instance.ended' ? [[event.instance, event.state] as const] : [])));
        expect(known).toContain(textOf(outcomes));
      }
    }),
    { numRuns: 60 },
  );
});

/** Whoever nobody starts has no end in the model, and is told as skipped; and so is one that was stopped before it began. */
function textOf(outcomes: ReadonlyMap<string, string | null>): string {
  return [...outcomes]
    .map(([name, outcome]) => `${name} ${outcome === null || outcome === 'stopped' ? 'skipped' : outcome}`)
    .toSorted()
    .join(', ');
}
