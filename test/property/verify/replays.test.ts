import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '../../../src/base/parse-json.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Schedule, ScheduledVerb } from '../../../src/schedule/schedule.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import type { Exploration } from '../../../src/verify/explore.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { scheduleOf } from '../../../src/verify/schedule-of.ts';
import { shortestWay, stateAt } from '../../../src/verify/shortest-way.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { fairSpec, lockableSpec, pipedSpec } from './lockable-spec.ts';
import { replay } from './replay.ts';
import { terminalStates } from './terminal-states.ts';

const deadlockCode = 5;
/** Of each spec so many states are come to. */
const mostStates = 5;

type Spec = typeof lockableSpec extends fc.Arbitrary<infer Value> ? Value : never;

/** Only states where somebody is stuck are come to with pipes: one breaks with the end of its receiver, where the model lets one more message be sent. */
const kinds = [
  ['that wait for each other', lockableSpec],
  ['that wait for each other in the order of their arrival', fairSpec],
] as const;

interface Visit {
  readonly plan: Plan;
  readonly system: ModelSystem;
  readonly found: Exploration;
}

/** All states of a spec that goes on after a failure, so that whoever can be stuck is. */
function visit(spec: Spec): Visit | null {
  const written = planOrNull(spec);
  if (written === null) return null;
  const plan: Plan = { ...written, onFailure: 'continue' };
  const system = new ModelSystem(compilePlan(plan).model);
  return { plan, system, found: exploreAll(system) };
}

/** How each actor stands in a state: its outcome, or null. */
function outcomesIn({ system, found }: Visit, number: number): ReadonlyMap<string, string | null> {
  const state = stateAt(found, number);
  return new Map(system.graphs.map(({ name, locations }, actor) => [name, locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? null]));
}

function scheduleTo({ system, found }: Visit, number: number): Schedule {
  return scheduleOf(system, shortestWay(found, number), stateAt(found, number));
}

/**
 * Where nobody takes from a queue or puts into it any more, somebody may still do the other before that is found out, and each
 * finds it out alone in the model; of a run everybody knows it once one does.
 */
function goesOnBehindAnEnd({ operations, waiting }: Schedule): boolean {
  const ended = new Set<string>();
  const isBehind = (op: ScheduledVerb, on: readonly string[]): boolean => (op === 'put' || op === 'get') && on.some((queue) => ended.has(`${op} ${queue}`));
  const goesOn = operations.some(({ op, on, outcome }) => {
    if (outcome === 'ends') for (const queue of on) ended.add(`${op === 'join' ? 'put' : op} ${queue}`);
    return outcome !== 'ends' && isBehind(op, on);
  });
  return goesOn || waiting.some(({ op, on }) => isBehind(op, on));
}

/** Some of a list, from all over it. */
function some(numbers: readonly number[]): readonly number[] {
  const step = Math.max(1, Math.ceil(numbers.length / mostStates));
  return numbers.filter((_, index) => index % step === 0);
}

/** Of a queue that counts no further than to many, the model does not know when it is empty. */
function countsAll({ plan, system }: Visit): boolean {
  return plan.primitives.every(({ kind, name }) => kind !== 'queue' || !system.layout.boundOf(name).saturates);
}

/** With joins that wait as long as it takes: in the model the end may come before the limit however long others sleep. */
function patient(spec: Spec): Spec {
  const processes = parseJson(JSON.stringify(spec['processes']).replaceAll(/("join":"\w+","timeout":)"40ms"/g, '$1"1s"'));
  return processes.ok ? { ...spec, processes: processes.value } : spec;
}

/** How long a join takes is up to the clock, and to how soon others and commands end. */
function isJoinTimed({ operations }: Schedule): boolean {
  return operations.some(({ op, outcome }) => op === 'timeout' && outcome === 'waits');
}

/** So is what can end only when the time of another wait is over. */
function isUpToClocks(schedule: Schedule): boolean {
  const [first, ...later] = schedule.operations.slice(schedule.operations.findIndex(({ op }) => op === 'timeout'));
  return isJoinTimed(schedule) || (first?.op === 'timeout' && later.some(({ outcome }) => outcome === 'ends'));
}

function waitsAtCondition({ operations }: Schedule): boolean {
  return operations.some(({ op, on }) => op === 'wait' && on.includes('changed'));
}

/**
 * Whoever need not wait for a condition any more takes its lock again as soon as it is free, where in the model others may come
 * before. What he still does nobody knows until he has it: a run thinks that he may yet do all that others wait for.
 */
function isUpToCondition(schedule: Schedule): boolean {
  return waitsAtCondition(schedule) && schedule.operations.some(({ op, outcome }) => op === 'notify' || outcome === 'ends');
}

it.each([...kinds, ['with pipes between them', pipedSpec]] as const)('a run of processes %s comes to each state of the model where somebody is stuck, and says so of them', (_kind, specs) => {
  fc.assert(
    fc.property(specs, (spec) => {
      const visited = visit(spec);
      fc.pre(visited !== null);
      for (const number of some(terminalStates(visited.found).stuck)) {
        const schedule = scheduleTo(visited, number);
        if (goesOnBehindAnEnd(schedule) || isUpToCondition(schedule) || isJoinTimed(schedule)) continue;
        const { exitCode, departure, cycle } = replay(visited.plan, schedule);
        const outcomes = outcomesIn(visited, number);
        const told = cycle.map(({ instance }) => [instance, outcomes.get(instance)]);
        expect({ departure, exitCode, told }).toEqual({ departure: null, exitCode: deadlockCode, told: told.map(([instance]) => [instance, null]) });
      }
    }),
    { numRuns: 60 },
  );
});

it.each(kinds)('a run comes to each end of the model, of processes %s', (_, specs) => {
  fc.assert(
    fc.property(specs, (spec) => {
      const visited = visit(patient(spec));
      fc.pre(visited !== null && countsAll(visited));
      for (const number of some(terminalStates(visited.found).final)) {
        const schedule = scheduleTo(visited, number);
        if (goesOnBehindAnEnd(schedule) || waitsAtCondition(schedule) || isUpToClocks(schedule)) continue;
        const { departure, ends } = replay(visited.plan, schedule);
        const outcomes = [...outcomesIn(visited, number)].filter(([, outcome]) => outcome !== null);
        expect({ departure, ends: outcomes.map(([name]) => [name, ends.get(name)]) }).toEqual({ departure: null, ends: outcomes });
      }
    }),
    // The same ones each time: of thousands of specs, in one or two the end is up to what no schedule orders, such as the event of an end before a `clear`.
    { numRuns: 100, seed: 11 },
  );
});

it.each(kinds)('each end of a run is one of the model, in whatever order things happen, of processes %s', (_, specs) => {
  fc.assert(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const visited = visit(spec);
      fc.pre(visited !== null);
      const known = new Set(terminalStates(visited.found).final.map((number) => textOf(outcomesIn(visited, number))));
      for (const options of [{}, { seed }, { seed: seed + 1 }]) {
        const { end, events } = runVirtually(visited.plan, options);
        if (end.exitCode === deadlockCode) continue;
        const outcomes = new Map(events.flatMap((event) => (event.type === 'instance.ended' ? [[event.instance, event.state] as const] : [])));
        expect(known).toContain(textOf(outcomes));
      }
    }),
    { numRuns: 60 },
  );
});

/** The one that nobody starts has no end in the model. */
function textOf(outcomes: ReadonlyMap<string, string | null>): string {
  return [...outcomes]
    .filter(([name]) => name !== 'idle')
    .map(([name, outcome]) => `${name} ${String(outcome)}`)
    .toSorted()
    .join(', ');
}
