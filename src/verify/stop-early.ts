import type { Plan } from '../plan/plan.ts';
import { backWhenStopped } from './back-when-stopped.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Choice, Location } from './location.ts';
import type { Model } from './model.ts';
import { slotsOf } from '../plan/slots-of.ts';

/**
 * The same actors where each process, pool and slot may be stopped wherever it is, by itself: a run that is stopped before its end comes to
 * nothing that these do not. In which order it stops them is up to who depends on whom, and programs go on until they have ended. Each can
 * then always end, so that whatever never ends is of `finally`. What was never started is left as it is, as at the end of a run.
 */
export function stopEarly({ instances, pools }: Plan, { actors }: Model, graphs: readonly ActorGraph[]): readonly ActorGraph[] {
  const main = new Set([
    ...instances.flatMap(({ kind, name }) => (kind === 'process' ? [name] : [])),
    ...pools.flatMap((pool) => [pool.name, ...slotsOf(pool)]),
  ]);
  // What only `finally` starts begins when all else was stopped.
  for (const { name, isSkipped } of actors) if (isSkipped === true) main.delete(name);
  const byName = new Map(actors.map((actor) => [actor.name, actor]));
  return graphs.map((graph) => {
    if (!main.has(graph.name)) return graph;
    const withStop = (location: Location, at: number): Location => {
      const target = graph.stopped[at];
      if (location.outcome !== null || at < graph.started || target === undefined) return location;
      const stop: Choice = { act: { do: 'nothing' }, target, sets: byName.get(graph.name)?.setsWhenStopped ?? [], done: new Map(), lost: backWhenStopped(byName.get(graph.name), location.inHand), stopsRun: false, place: [] };
      return { ...location, choices: [...location.choices, stop] };
    };
    return { ...graph, canEnd: true, locations: graph.locations.map(withStop) };
  });
}

/** Whether it is known what of the results of a pool is in their queue when a run was stopped: not where somebody takes them who is still there. */
export function knowsResults({ instances, pools, actors }: Plan): boolean {
  const main = new Set([...instances.flatMap(({ kind, name }) => (kind === 'process' ? [name] : [])), ...pools.map(({ name }) => name)]);
  const queues = new Set(pools.flatMap(({ results }) => (results.type === 'queue' ? [results.queue] : [])));
  return actors.every(({ action, name, who }) => action !== 'get' || !queues.has(name) || main.has(who));
}
