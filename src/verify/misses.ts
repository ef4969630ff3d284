import type { ActorGraph } from './find-locations.ts';
import type { Act, Choice, Location } from './location.ts';

/** Whether somebody's time is over with it only where what it waits for is not there. */
export function isMiss(act: Act): boolean {
  return act.do === 'time_out' && act.misses !== undefined;
}

/** By which somebody has at a location what it asks for. */
export function waysToGet({ choices }: Location): readonly Choice[] {
  return choices.filter(({ act }) => act.do === 'acquire' || act.do === 'await' || act.do === 'await_pulse' || act.do === 'put' || act.do === 'get');
}

/** What others may have that could not be had before, since somebody does this. */
export function givenBy({ name: actor, locations }: ActorGraph, from: number, { act, sets, target }: Choice): readonly string[] {
  const [before, after] = [locations[from], locations[target]];
  const released = [...(before?.held ?? [])].flatMap(([name, count]) => ((after?.held.get(name) ?? 0) < count ? [name] : []));
  // A moment of its own comes.
  if (before?.stage !== after?.stage || before?.outcome !== after?.outcome) released.push(actor);
  switch (act.do) {
    case 'put':
    case 'get':
      return [...sets, ...released, act.queue];
    case 'set':
      return [...sets, ...released, act.event];
    default:
      return [...sets, ...released];
  }
}
