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
