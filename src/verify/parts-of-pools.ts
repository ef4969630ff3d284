import { failureEvent, taskQueue } from './compile/compile-context.ts';
import type { Choice, Location } from './location.ts';
import type { FailureCause } from './model.ts';
import type { ModelSystem } from './model-system.ts';
import { poolOf, waitsForTask } from './next-task.ts';
import type { PartOfPool } from './part-of-pool.ts';
import { maxCounted } from './queue-bounds.ts';
import type { Way } from './shortest-way.ts';
import { thingsOf } from './things-of.ts';
import { whoMisses } from './who-misses.ts';

type Step = ReturnType<ModelSystem['transitionAt']>;

/**
 * What each pool and queue of a model has to do with a way, and who misses what is there, or is cut short.
 *
 * @param staying who never goes on from its end
 */
export function partsOfPools(system: ModelSystem, way: Way, staying: ReadonlySet<number>): ReadonlyMap<string, ReadonlySet<PartOfPool>> {
  const steps = way.transitions.map((transition) => system.transitionAt(transition));
  const used = new Set(steps.flatMap(({ choice: { act, done, lost } }) => [...thingsOf(act), ...done.keys(), ...lost.keys()]));
  const ofQueues = [...used].map((name) => [name, new Set<PartOfPool>(['is_used'])] as const);
  const parts = new Map<string, ReadonlySet<PartOfPool>>([...ofQueues, ...system.graphs.flatMap(({ name, ofPool }) => (ofPool === 'pool' ? [[name, partsOf(system, name, steps, { ...way, staying })] as const] : []))]);
  const add = (name: string, part: PartOfPool): unknown => parts.set(name, new Set([...(parts.get(name) ?? []), part]));
  for (const name of whoMisses(system, way)) add(name, 'misses');
  for (const { actor, choice } of steps) if (isChance(choice.act)) add(actor, 'is_cut_short');
  return parts;
}

function partsOf(system: ModelSystem, pool: string, steps: readonly Step[], { states, end, staying }: Way & { readonly staying: ReadonlySet<number> }): ReadonlySet<PartOfPool> {
  const { graphs, layout } = system;
  const slots = new Map(graphs.flatMap((graph) => (graph.ofPool === 'slot' && poolOf(graph.name) === pool ? [[graph.name, graph] as const] : [])));
  const acts = steps.filter(({ actor }) => slots.has(actor));
  const isOfTask = ({ actor, from }: Step): boolean => {
    const slot = slots.get(actor);
    return slot !== undefined && !waitsForTask(slot, from);
  };
  const life = graphs[layout.actorNamed(pool)]?.locations[end[layout.actorField(layout.actorNamed(pool))] ?? 0];
  const hasEnded = life !== undefined && life.outcome !== null;
  const isKnown = hasEnded || steps.some(({ choice }) => isResultOf(pool, choice));
  const last = steps.findLast(({ actor }) => actor === pool);
  const isFailed = steps.some(({ choice: { act } }) => act.do === 'nothing' && act.fails === 'task') || (hasEnded && last?.choice.ends !== 'succeeded');
  const isFree = (state: Int32Array): boolean => [...slots].some(([name, { locations }]) => hasNoTask(locations[state[layout.actorField(layout.actorNamed(name))] ?? 0]));
  const isOvertaken = steps.some(({ choice: { act } }, index) => {
    const state = states[index];
    return act.do === 'put' && act.queue.startsWith(`${taskQueue(pool)}.`) && state !== undefined && (state[layout.queueField(taskQueue(pool))] ?? 0) > 0 && isFree(state);
  });
  const parts: readonly (readonly [PartOfPool, boolean])[] = [
    ['acts', acts.length > 0 || steps.some(({ choice }) => isBeginOrEndOf(pool, choice))],
    ['is_overtaken', isOvertaken],
    ['is_misknown', (isKnown && isFailed) || acts.some((step) => isOfTask(step) && mayBeFailure(step.choice))],
    ['is_known', isKnown],
    ['is_cut_short', acts.some(({ choice: { act } }) => isChance(act))],
    ['is_open', [...slots].some(([name, slot]) => staying.has(layout.actorNamed(name)) && waitsForTask(slot, end[layout.actorField(layout.actorNamed(name))] ?? 0))],
    ['is_counted', isKnown || acts.some(({ choice }) => isEndOf(pool, choice)) || acts.filter((step) => !isOfTask(step) && step.choice.act.do === 'get').length > maxCounted],
  ];
  return new Set(parts.flatMap(([part, isSo]) => (isSo ? [part] : [])));
}

const chances: ReadonlySet<FailureCause> = new Set(['file', 'code', 'start', 'attempt', 'last_attempt']);

/** An attempt is over, or another one comes or not, by what only the run knows, and no schedule brings about. */
function isChance(act: Choice['act']): boolean {
  return act.do === 'nothing' ? act.fails !== undefined && chances.has(act.fails) : act.do === 'time_out' && act.cuts === true;
}

/** One that has done its last step has it no more in a run. */
function hasNoTask(location: Location | undefined): boolean {
  if (location === undefined || location.outcome !== null) return false;
  return location.inHand.size === 0 || location.choices.some(({ act }) => act.do === 'item_done');
}

function isBeginOrEndOf(pool: string, { act }: Choice): boolean {
  return (act.do === 'start' || act.do === 'find_alive' || act.do === 'stop') && act.actors.includes(pool);
}

/** A slot has found that there is no further task. */
function isEndOf(pool: string, { act }: Choice): boolean {
  return act.do === 'find_end' && act.queues.includes(taskQueue(pool));
}

function isResultOf(pool: string, { act }: Choice): boolean {
  return act.do === 'await' && act.facts.some((fact) => (fact.type === 'all_done' && fact.queue.startsWith(`${taskQueue(pool)}.`)) || (fact.type === 'event' && fact.event.startsWith(`${failureEvent(pool)}.`)));
}

/** Whether something has come out as it does where it fails what is done, unless that may fail. */
function mayBeFailure({ act }: Choice): boolean {
  switch (act.do) {
    case 'nothing':
      return act.program === 'fails' || act.program === 'is_late' || act.fails !== undefined || act.refused !== undefined;
    case 'find_impossible':
    case 'find_broken_barrier':
    case 'find_unnotifiable':
    case 'find_end':
    case 'find_broken_queue':
    case 'find_alive':
    case 'time_out':
      return true;
    default:
      return false;
  }
}
