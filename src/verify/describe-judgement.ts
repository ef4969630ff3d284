import { type Assumption, leavesOut } from './assumption.ts';
import type { Judgement } from './judge.ts';

/**
 * The verdict in a line, and below it what it takes for granted and what it leaves out. A bound is told as what it is;
 * nothing for a deadlock, which is a finding.
 */
export function describeJudgement({ verdict, assumptions }: Judgement): string {
  switch (verdict.type) {
    case 'counterexample':
      return '';
    case 'unsure':
      return `not proved: ${verdict.why}\n`;
    case 'too_large':
      return `not proved: there is more to this spec than is looked at for a deadlock: ${verdict.why}\n  a copy with less of that, such as fewer \`replicas\`, \`workers\` or rounds, is looked at\n`;
    case 'bound':
      return `not proved: no deadlock within ${verdict.states} states, ${verdict.depth} steps deep, and what comes after them was not looked at\n`;
    case 'proved': {
      const isWhole = !leavesOut(assumptions);
      const how = verdict.by === 'order' ? `since there is an order in which all ${isWhole ? 'is' : 'else is'} waited for` : `after a look at all ${verdict.states} states`;
      // What was not looked at may deadlock in every run.
      return [`no deadlock: proved${isWhole ? '' : ' but for a part'}, ${how}\n`, ...assumptions.flatMap((one) => describe(one, 'assumed')), ...assumptions.flatMap((one) => describe(one, 'left_out'))].join('');
    }
  }
}

/** What is coarser allows more than a run can do: what is proved of all of that is proved of the run. */
function describe({ kind, text }: Assumption, wanted: 'assumed' | 'left_out'): readonly string[] {
  if (kind !== wanted) return [];
  return [`  ${kind === 'assumed' ? 'provided that' : 'but for'} ${text}\n`];
}
