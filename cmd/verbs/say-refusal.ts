import type { Refusal } from './refusal.ts';
import type { World } from './verb.ts';

/** These answer the question that the verb asks; the exit code says them, as that of `grep` does. */
const silent: ReadonlySet<Refusal['kind']> = new Set(['would_block', 'full', 'empty', 'end_of_stream']);

/** Says why in one line on standard error, unless it is a plain no, and gives the exit code. */
export function sayRefusal({ complain }: World, { kind, message, hint, exitCode }: Refusal): number {
  if (!silent.has(kind)) complain(hint === null ? message : `${message} (${hint})`);
  return exitCode;
}
