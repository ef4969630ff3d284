import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { InstancePlan } from '../plan.ts';
import { describeDuration } from '../render/describe-duration.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP703: the delays between restarts are so long that never so many of them fall into the time of `max_restarts`, so that what fails
 * each time is restarted for ever, and the run does not end. A daemon is stopped with the others, and may well try for as long.
 */
export function restartLivelock(input: RuleInput): readonly Diagnostic[] {
  return input.works.flatMap((work) => {
    if (!('restart' in work) || work.restart !== 'on_failure' || work.kind === 'daemon') return [];
    if (['restart', 'max_restarts', 'backoff'].some((key) => input.gaps.mayLack(work.place, key))) return [];
    const { count, withinMs } = work.maxRestarts;
    const leastMs = withinMs === null ? 0 : leastTimeMs(work, withinMs);
    if (withinMs === null || count === 0 || leastMs < withinMs) return [];
    return [
      makeDiagnostic('MP703', `where \`${work.process}\` fails each time it is restarted for ever, and the run waits for it: with its \`backoff\`, ${count === 1 ? 'a restart takes' : `${count} restarts take`} at least as long as the ${describeDuration(withinMs)} within which they count`, {
        range: input.locate([...work.place, 'backoff'], 'key'),
        related: [{ message: 'declared here', range: input.locate([...work.place, 'restart'], 'value') }],
        hint: `write \`max_restarts: ${count}\`, which counts all of them, or a longer \`within\``,
      }),
    ];
  });
}

/** So long do as many delays take as there may be restarts, one after the other, where each is as short as it can be; or at least as long as asked for. */
function leastTimeMs({ backoff, maxRestarts: { count } }: InstancePlan, enoughMs: number): number {
  const { initialMs, maxMs, factor, jitter } = backoff;
  let sumMs = 0;
  for (let restart = 0; restart < count && sumMs < enoughMs; restart += 1) {
    sumMs += Math.floor(Math.min(maxMs, initialMs * factor ** restart) * (1 - jitter));
    // Without a delay there is nothing to add up.
    if (sumMs === 0) return 0;
  }
  return sumMs;
}
