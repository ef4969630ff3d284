import { describe, expect, it } from 'vitest';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { certainDeadlock } from '../../../src/verify/certain-deadlock.ts';
import { judge } from '../../../src/verify/judge.ts';
import { findMends } from '../../../src/verify/mend/find-mend.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };
const source = { name: 'mpctl.yaml', text: '' };

function findings(text: string): readonly unknown[] {
  const plan = validPlan(text);
  const judgement = judge(plan, budget);
  const [mend = null] = findMends(plan, judgement.verdict, budget);
  return deadlockFindings(plan, judgement, () => ({ source, start: 0, end: 0 }), [{ mend }]).map(({ severity, certainty, message, note, hint, related }) => [severity, certainty, message, related.map((place) => place.message), note, hint]);
}

const crossed = `
locks: { a: , b: }
processes:
  x: { steps: [{ acquire: a }, { sleep: 10ms }, { acquire: b }] }
  y: { steps: [{ acquire: b }, { sleep: 10ms }, { acquire: a }] }
`;

describe('a deadlock beside a shutdown', () => {
  it('is told as possible, with the way to it, who may end the run before, and what mends it', () => {
    const text = `${crossed}  z: { steps: [{ sleep: 1s }, { shutdown: 0 }] }\n`;
    expect(findings(text)).toEqual([
      [
        'warning',
        'possible',
        '`x` and `y` can come to wait for ever: `x` waits here for `b`, held by `y`',
        ['1. `x` acquires a', '2. `y` acquires b', '`y` waits here for `a`, held by `x`'],
        'not known is whether `z` ends the run before by `shutdown`: it is a deadlock as soon as they wait',
        'take `a`, `b` in this order everywhere, or together in one step: `acquire: [a, b]`',
      ],
    ]);
    expect(certainDeadlock(validPlan(text), () => budget)).toBeNull();
    expect(play(text).end.exitCode).toBe(5);
  });

  it.each(['command: mpctl shutdown 0', 'steps: [{ run: [node, mpctl.cjs, shutdown] }]'])('is not so in every run, where a program may end it: %s', (z) => {
    const text = (more: string): string => `locks: { l: }\nprocesses:\n  x: { steps: [{ acquire: l }, { join: y }] }\n  y: { steps: [{ join: x }] }\n  z: { ${more} }\n`;
    expect(certainDeadlock(validPlan(text(z)), () => budget)).toBeNull();
    expect(certainDeadlock(validPlan(text('command: sleep 1')), () => budget)).not.toBeNull();
  });

  it('is none where nobody waits unless the run is over', () => {
    expect(judge(validPlan(`${crossed.replaceAll('{ sleep: 10ms }, ', '').replace('[{ acquire: b }, { acquire: a }]', '[{ acquire: a }, { acquire: b }]')}  z: { steps: [{ sleep: 1s }, { shutdown: 0 }] }\n`), budget).verdict.type).toBe('proved');
  });
});
