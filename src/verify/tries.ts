import type { Act, Choice, Location } from './location.ts';

/** Whether somebody finds with it that what it only tries to have cannot be had. */
export function isTry(act: Act): boolean {
  return act.do === 'time_out' && act.tries !== undefined;
}

/** By which somebody has at a location what it asks for. */
export function waysToGet({ choices }: Location): readonly Choice[] {
  return choices.filter(({ act }) => act.do === 'acquire' || act.do === 'await' || act.do === 'await_pulse' || act.do === 'put' || act.do === 'get');
}

/** What others may have that could not be had before, since somebody does this. */
export function givenBy(locations: readonly Location[], from: number, { act, sets, target }: Choice): readonly string[] {
  const after = locations[target]?.held;
  const released = [...(locations[from]?.held ?? [])].flatMap(([name, count]) => ((after?.get(name) ?? 0) < count ? [name] : []));
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
