import { strongComponents } from '../plan/strong-components.ts';
import type { ActorGraph } from './find-locations.ts';
import { isFree } from './leaves-for-certain.ts';
import { robbedAt } from './robbed-at.ts';
import { startedByOthers } from './started-by-others.ts';

/**
 * Queues into which only so many items are ever put: no loop puts into them, but for one that takes an item of such a
 * queue each time, or that its own choice may end. Whoever takes from them does that so often only.
 */
export function finiteQueues(graphs: readonly ActorGraph[]): ReadonlySet<string> {
  const again = startedByOthers(graphs);
  const queues = new Set(graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.flatMap(({ act }) => (act.do === 'put' || act.do === 'get' ? [act.queue] : [])))));
  const finite = new Set<string>();
  const putting = graphs.filter(({ locations }) => locations.some(({ choices }) => choices.some(({ act }) => act.do === 'put')));
  for (let grew = true; grew; ) {
    const endless = new Set(putting.flatMap((graph) => putAgainAndAgain(graph, again.has(graph.name), finite)));
    const before = finite.size;
    for (const queue of queues) if (!endless.has(queue)) finite.add(queue);
    grew = finite.size > before;
  }
  return finite;
}

/** Queues into which an actor may put any number of items, given those from which it takes so many only. */
function putAgainAndAgain(graph: ActorGraph, isAlways: boolean, finite: ReadonlySet<string>): readonly string[] {
  const { locations } = graph;
  const ways = locations.map(({ choices }, at) => [...choices.filter(({ act }) => act.do !== 'get' || !finite.has(act.queue)).map(({ target }) => target), ...robbedAt(graph, at)]);
  const loops = componentsOf(ways);
  // Whoever comes there again and again goes out of the loop at last, as a program ends that puts any number of items.
  const goesOut = locations.map(({ choices }, at) => choices.some((choice) => isFree(choice, choices) && choice.unless === undefined && loops[choice.target] !== loops[at]));
  const loopsForEver = componentsOf(ways.map((targets, at) => (goesOut[at] === true ? robbedAt(graph, at) : targets)));
  return locations.flatMap(({ choices }, at) =>
    choices.flatMap(({ act, target }) => (act.do === 'put' && (isAlways || (goesOut[at] !== true && loopsForEver[at] === loopsForEver[target])) ? [act.queue] : [])),
  );
}

/** Of each location, in which loop it is. */
function componentsOf(ways: readonly (readonly number[])[]): Int32Array {
  const componentOf = new Int32Array(ways.length);
  for (const [number, component] of strongComponents(ways).entries()) for (const at of component) componentOf[at] = number;
  return componentOf;
}
