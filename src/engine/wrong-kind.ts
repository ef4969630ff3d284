import { didYouMean } from '../base/did-you-mean.ts';
import type { ThingKind } from '../protocol/call.ts';
import type { CallError } from '../protocol/error-kind.ts';

/** The refusal where a name is asked for as something that it is not; `known` are the names of the kind that is wanted. */
export function wrongKind(wanted: ThingKind, name: string, found: string | null, known: Iterable<string>): CallError {
  if (found === null) {
    const meant = didYouMean(name, [...known]);
    return { kind: 'not_found', message: `the spec has no ${wanted} \`${name}\`${meant === null ? '' : ` (did you mean \`${meant}\`?)`}` };
  }
  const message = `\`${name}\` is ${found === 'event' ? 'an' : 'a'} ${found}, and no ${wanted}`;
  return { kind: 'not_found', message: isHold(found) && isHold(wanted) ? `${message}: use it as a ${found}` : message };
}

/** Whether it is one of the two kinds that can be taken together in one step. */
export function isHold(kind: string): boolean {
  return kind === 'lock' || kind === 'semaphore';
}
