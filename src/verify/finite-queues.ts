import { strongComponents } from '../plan/strong-components.ts';
import type { ActorGraph } from './find-locations.ts';
import { robbedAt } from './robbed-at.ts';
import { startedByOthers } from './started-by-others.ts';

/**
 * Queues into which only so many items are ever put: no loop puts into them, but for one that takes an item of such a
 * queue each time. Whoever takes from them does that so often only.
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
  const componentOf = new Int32Array(locations.length);
  const edges = locations.map(({ choices }, at) => [...choices.filter(({ act }) => act.do !== 'get' || !finite.has(act.queue)).map(({ target }) => target), ...robbedAt(graph, at)]);
  for (const [number, component] of strongComponents(edges).entries()) for (const at of component) componentOf[at] = number;
  return locations.flatMap(({ choices }, at) =>
    choices.flatMap(({ act, target }) => (act.do === 'put' && (isAlways || componentOf[at] === componentOf[target]) ? [act.queue] : [])),
  );
}
