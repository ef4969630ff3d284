import type { RelatedPlace } from '../../diagnostics/diagnostic.ts';
import type { Actor } from '../plan.ts';
import type { Step } from '../step.ts';
import { never, type Count } from './count-deeds.ts';
import type { DeedCount } from './deed-counter.ts';
import type { RuleInput } from './rule.ts';

/** How many items a step puts into a queue. */
export function putCount(step: Step, queue: string): Count {
  if (step.verb !== 'put' || step.queue !== queue) return never;
  if (step.itemList !== undefined) return { least: 0, most: Number.POSITIVE_INFINITY };
  return { least: step.items.length, most: step.items.length };
}

/** Those who do something, each process or pool once, as a subject for a sentence. */
export function namesOf(counts: readonly DeedCount[]): { readonly text: string; readonly isOne: boolean } {
  const owners = [...new Set(counts.map(({ body }) => body.owner))].map((owner) => `\`${owner}\``);
  const last = owners.at(-1) ?? '';
  return owners.length < 2 ? { text: last, isOne: true } : { text: `${owners.slice(0, -1).join(', ')} and ${last}`, isOne: false };
}

/** Where others do something, each process or pool once; `does` says it: `puts`. */
export function placesOf(input: RuleInput, actors: readonly Actor[], does: string): readonly RelatedPlace[] {
  const places = new Map<string, RelatedPlace>();
  for (const { who, place } of actors) {
    const owner = input.instances.get(who)?.process ?? who;
    if (!places.has(owner)) places.set(owner, { message: `\`${owner}\` ${does} here`, range: input.locate(place, 'value') });
  }
  return [...places.values()].slice(0, 5);
}
