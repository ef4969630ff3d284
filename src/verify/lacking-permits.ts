import type { Demand } from '../sync/operation.ts';
import type { Act } from './location.ts';
import type { Resource } from './model.ts';

/** More permits than this beside those that there are at first are not told apart. */
export const mostMore = 16;

/** The permits that a model tells apart of one that holds some: no actor ever holds more. */
export function mostHeld({ permits, loose }: Extract<Resource, { kind: 'permits' }>): number {
  if (loose === undefined) return Number.POSITIVE_INFINITY;
  return loose === 'bounded' ? permits : permits + mostMore;
}

/** Whether that many are refused at once, as more than there ever are; without any a bounded semaphore lets whoever has only so much time wait for that. */
export function asksTooMuch(resource: Resource | undefined, asked: number, isTimed: boolean): boolean {
  return resource?.kind === 'permits' && resource.bounded === true && asked > resource.permits && (!isTimed || resource.permits > 0);
}

/** What is lacking of what is given back there, be it so that it is refused. */
export function lacksOf(act: Act): readonly Demand[] {
  if (act.do === 'release') return act.lacks ?? [];
  return act.do === 'nothing' && act.refused?.do === 'release' ? (act.refused.lacks ?? []) : [];
}
