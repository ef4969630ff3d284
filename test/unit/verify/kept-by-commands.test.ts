import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };
const source = { name: 'mpctl.yaml', text: '' };

function told(text: string): readonly unknown[] {
  const plan = validPlan(text);
  return deadlockFindings(plan, judge(plan, budget), () => ({ source, start: 0, end: 0 })).map(({ severity, certainty, note }) => [severity, certainty, note]);
}

/** Somebody who goes round for ever with a lock for which another one waits. */
function spec(round: string): string {
  return `timeout: 5s\nlocks: { k: }\nprocesses:\n  w: { steps: [{ sleep: 100ms }, { acquire: k }] }\n  l: { steps: [{ acquire: k }, { repeat: forever, do: [${round}] }] }\n`;
}

describe('whoever waits for what is kept in a loop without an end', () => {
  it('is in a deadlock in a run, too, where no command is run there', () => {
    expect(play(spec('{ sleep: 1s }')).end.exitCode).toBe(5);
    expect(told(spec('{ sleep: 1s }'))).toEqual([['error', 'some interleaving', null]]);
  });

  it('is held up only as far as the check knows where commands are run that may fail: each could release it, and a run waits', () => {
    expect(play(spec('{ run: sleep 500, allow_failure: true }')).end.exitCode).toBe(124);
    expect(told(spec('{ run: sleep 500, allow_failure: true }'))).toEqual([['warning', 'possible', 'a command that `l` runs meanwhile may release `k`, as far as a run knows, which only waits']]);
  });
});
