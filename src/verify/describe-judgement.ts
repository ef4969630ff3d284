import { type Assumption, leavesOut } from './assumption.ts';
import type { Judgement } from './judge.ts';

/**
 * The verdict in a line, and below it what it takes for granted and what it leaves out. A bound is told as what it is;
 * nothing for a deadlock, which is a finding.
 */
export function describeJudgement({ verdict, assumptions, isEndedByTime }: Judgement): string {
  switch (verdict.type) {
    case 'counterexample':
      return '';
    case 'unsure':
      return [`not proved: ${verdict.why}\n`, ...notLookedAt(assumptions)].join('');
    case 'too_large':
      return `not proved: there is more to this spec than is looked at for a deadlock: ${verdict.why}\n  a copy with less of that, such as fewer \`replicas\`, \`workers\` or rounds, is looked at\n`;
    case 'bound':
      return `not proved: no deadlock within ${verdict.states} states, ${verdict.depth} steps deep, and what comes after them was not looked at\n${notLookedAt(assumptions).join('')}`;
    case 'proved': {
      const isWhole = !leavesOut(assumptions);
      const rest = isWhole && isEndedByTime === undefined ? 'all is' : 'all else is';
      const how = verdict.by === 'order' ? `since there is an order in which ${rest} waited for` : `after a look at all ${verdict.states} states`;
      // Beside a finding that some come to wait for each other, a proof of no deadlock would seem to deny it.
      const what = isEndedByTime === undefined ? 'no deadlock' : 'no deadlock but that of MP705, which its `timeout` ends';
      // What was not looked at may deadlock in every run.
      return [`${what}: proved${isWhole ? '' : ' but for a part'}, ${how}\n`, ...assumptions.flatMap((one) => describe(one, 'assumed')), ...assumptions.flatMap((one) => describe(one, 'left_out'))].join('');
    }
  }
}

/** It may be all that keeps the rest from a proof, as where the permits that somebody waits for are released by others. */
function notLookedAt(assumptions: readonly Assumption[]): readonly string[] {
  return assumptions.flatMap(({ kind, text }) => (kind === 'left_out' ? [`  not looked at: ${text}\n`] : []));
}

/** What is coarser allows more than a run can do: what is proved of all of that is proved of the run. */
function describe({ kind, text }: Assumption, wanted: 'assumed' | 'left_out'): readonly string[] {
  if (kind !== wanted) return [];
  return [`  ${kind === 'assumed' ? 'provided that' : 'but for'} ${text}\n`];
}
