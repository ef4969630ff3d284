import type { Choice } from './location.ts';
import { waysToGet } from './misses.ts';
import type { ModelSystem } from './model-system.ts';
import { poolOf } from './next-task.ts';
import { couldDo, fatalRefusals, isRefusal, onceStarted, refusals } from './refused-in-time.ts';
import type { Way } from './shortest-way.ts';
import { startedByOthers } from './started-by-others.ts';

type Step = ReturnType<ModelSystem['transitionAt']>;

/**
 * The processes and pools that come by a way to what no run gives them: of which a step only tries to have something, and misses it though it
 * could have it there; whose time is over with a wait that a run refuses at once, or who have what they wait for after that was to be refused; who
 * are ended before a start that others see, and that nothing keeps them from; or who are to be refused their start, and are given something yet; or who wait
 * in the end for what they could have had, or been refused, while they did, as the end of one who was started again: all who wait hear at once that a
 * queue is at its end; or for what a run refuses them at once, and is stopped for that.
 */
export function whoMisses(system: ModelSystem, way: Way): readonly string[] {
  const steps = way.transitions.map((transition) => system.transitionAt(transition));
  const inSteps = steps.flatMap((step, index) => [...(isLate(system, way, steps, index) ? [step.actor] : []), ...endedTooSoon(system, step, way.states[index]), ...refusedTooLate(system, step, way.states[index])]);
  return [...inSteps, ...hadTheirMoment(system, way), ...stoppedBefore(system, way)].map((name) => ofSlot(system, name));
}

function isLate(system: ModelSystem, { states }: Way, steps: readonly Step[], index: number): boolean {
  const step = steps[index];
  const location = step === undefined ? undefined : system.graphs[system.layout.actorNamed(step.actor)]?.locations[step.from];
  if (step === undefined || location === undefined) return false;
  const { actor, choice } = step;
  switch (choice.act.do) {
    case 'time_out': {
      const others = [...(choice.act.mayMiss === true ? waysToGet(location) : []), ...refusals(location, choice)];
      return states.slice(index, index + 1).some((state) => couldDo(system, state, others));
    }
    case 'await': {
      const since = steps.slice(0, index).findLastIndex((one) => one.actor === actor) + 1;
      return states.slice(since, index).some((state) => couldDo(system, state, refusals(location, choice)));
    }
    default:
      return false;
  }
}

function hadTheirMoment(system: ModelSystem, { states, end }: Way): readonly string[] {
  if (startedByOthers(system.graphs).size === 0) return [];
  return system.graphs.flatMap(({ name, locations }, actor) => {
    const field = system.layout.actorField(actor);
    const awaits = (locations[end[field] ?? 0]?.choices ?? []).filter(({ act }) => act.do === 'await' || isRefusal(act));
    const since = states.findLastIndex((state) => state[field] !== end[field]) + 1;
    return states.slice(since).some((state) => couldDo(system, state, awaits)) ? [name] : [];
  });
}

function stoppedBefore(system: ModelSystem, way: Way): readonly string[] {
  const end = onceStarted(system, way.end);
  return system.graphs.flatMap(({ name, locations }, actor) => {
    const location = locations[end[system.layout.actorField(actor)] ?? 0];
    return location !== undefined && couldDo(system, end, fatalRefusals(location, locations)) ? [name] : [];
  });
}

/** A start has no turn in a run: whoever may start has done so. */
function endedTooSoon(system: ModelSystem, { choice: { act } }: Step, state: Int32Array | undefined): readonly string[] {
  if (act.do !== 'stop' || state === undefined) return [];
  return act.actors.filter((name) => couldDo(system, state, choicesAt(system, name, state).filter((choice) => choice.act.do === 'reach' && (choice.sets.length > 0 || isStartSeen(system, name)))));
}

/** Nobody puts anything for those who never start, nor submits it to them. */
function refusedTooLate(system: ModelSystem, { choice: { act } }: Step, state: Int32Array | undefined): readonly string[] {
  if (act.do !== 'put' || state === undefined) return [];
  const takers = system.graphs.flatMap(({ name, ofPool, locations }) => (locations.some(({ choices }) => choices.some((choice) => choice.act.do === 'get' && choice.act.queue === act.queue)) ? [ofPool === 'slot' ? poolOf(name) : name] : []));
  return [...new Set(takers)].filter((name) => couldDo(system, state, choicesAt(system, name, state).filter(({ act: { do: verb }, ends }) => ends === 'skipped' && (verb === 'find_impossible' || verb === 'find_broken_barrier'))));
}

function choicesAt({ graphs, layout }: ModelSystem, name: string, state: Int32Array): readonly Choice[] {
  const actor = layout.actorNamed(name);
  return graphs[actor]?.locations[state[layout.actorField(actor)] ?? 0]?.choices ?? [];
}

/** Somebody waits for it. */
function isStartSeen({ graphs }: ModelSystem, name: string): boolean {
  return graphs.some(({ locations }) => locations.some(({ choices }) => choices.some(({ act }) => act.do === 'await' && act.facts.some((fact) => fact.type === 'moment' && (fact.moment === 'start' || fact.moment === 'ready') && fact.actors.includes(name)))));
}

function ofSlot({ graphs, layout }: ModelSystem, name: string): string {
  return graphs[layout.actorNamed(name)]?.ofPool === 'slot' ? poolOf(name) : name;
}
