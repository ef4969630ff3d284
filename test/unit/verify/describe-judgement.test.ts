import { expect, it } from 'vitest';
import { describeJudgement } from '../../../src/verify/describe-judgement.ts';

it('says beside what is not proved what was not looked at, which may be why', () => {
  const text = describeJudgement({
    verdict: { type: 'unsure', why: 'once something has failed some may wait for ever' },
    assumptions: [
      { kind: 'left_out', text: 'what `a` and `b` wait for at the pipe `p`', place: [] },
      { kind: 'coarser', text: '`a` may do `put` any number of times', place: [] },
    ],
  });
  expect(text).toBe('not proved: once something has failed some may wait for ever\n  not looked at: what `a` and `b` wait for at the pipe `p`\n');
});

it.each([
  [{ type: 'proved', by: 'order' }, 'no deadlock but that of MP705, which its `timeout` ends: proved, since there is an order in which all else is waited for\n'],
  [{ type: 'proved', by: 'search', states: 7 }, 'no deadlock but that of MP705, which its `timeout` ends: proved, after a look at all 7 states\n'],
] as const)('does not seem to deny that some come to wait for each other until the time of one is over', (verdict, text) => {
  expect(describeJudgement({ verdict, assumptions: [], isEndedByTime: true })).toBe(text);
});
