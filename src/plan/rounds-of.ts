import type { Step } from './step.ts';

/** How many rounds a loop has. */
export function roundsOf(rounds: Extract<Step, { readonly verb: 'repeat' }>['rounds']): number {
  if (rounds === 'forever') return Number.POSITIVE_INFINITY;
  return typeof rounds === 'number' ? rounds : rounds.length;
}
