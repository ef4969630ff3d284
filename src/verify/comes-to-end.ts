import type { Location } from './location.ts';

/** Whether an actor comes to its end from where it is started, as its script is written; to fail or to be skipped is none. */
export function comesToEnd(locations: readonly Location[], started: number): boolean {
  const seen = new Set([started]);
  for (const at of seen) {
    const location = locations[at];
    if (location === undefined) continue;
    if (location.outcome === 'succeeded' || location.outcome === 'stopped') return true;
    for (const { target } of location.choices) seen.add(target);
    for (const { target } of location.beyond) seen.add(target);
  }
  return false;
}
