import type { Act, Choice } from './location.ts';
import type { FailureCause } from './model.ts';

/** What is restarted is given up at last where its attempts are short, and MP703 tells of those that are not. */
const ofRestarts: ReadonlySet<FailureCause> = new Set(['attempt', 'last_attempt']);

/**
 * Whether a way may never be gone, however often somebody comes to where it leads on from: a command may never fail nor take too long, nor do
 * what it declares before it ends, a probe may find nothing, a value may always be there. And whoever waits for a time waits in vain only where
 * the thing is not there: of a time that the model lets run out all the same, that is up to the state. Any other time is over at last, also where
 * somebody always comes sooner, of whom an untimed model knows nothing.
 *
 * @param choices all ways that lead on from there
 */
export function mayNeverCome({ act }: Choice, choices: readonly Choice[]): boolean {
  switch (act.do) {
    case 'nothing':
      return act.program === 'fails' || act.program === 'is_late' || (act.fails !== undefined && !ofRestarts.has(act.fails)) || (act.program === 'acts' && choices.some((other) => other.act.do === 'nothing' && other.act.program === 'ends'));
    case 'time_out':
      return act.endsAttempt === true ? act.byProbe === true : act.misses === undefined;
    default:
      return false;
  }
}

/** How it comes that somebody never goes such a way. */
export function describeNever(act: Act, who: string): string {
  if (act.do === 'time_out') return act.endsAttempt === true ? `no probe of \`${who}\` fails` : `\`${who}\` never waits in vain for so long`;
  switch (act.do === 'nothing' ? act.program : undefined) {
    case 'acts':
      return `no command of \`${who}\` does what it declares`;
    case 'fails':
      return `no command of \`${who}\` fails`;
    case 'is_late':
      return `no command of \`${who}\` takes too long`;
    default:
      return `no step of \`${who}\` fails`;
  }
}
