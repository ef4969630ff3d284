import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { describeJudgement } from '../../../src/verify/describe-judgement.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const turns = `
semaphores: { left: 1, right: { permits: 0, bounded: false } }
processes:
  a: { steps: [{ acquire: left }, { release: right }] }
  b: { steps: [{ acquire: right }, { release: left }] }
`;

it('says beside what is not proved what was not looked at, which may be why', () => {
  const judgement = judge(validPlan(turns), { maxStates: 10_000, mayGoOn: () => true });
  expect(describeJudgement(judgement)).toBe(
    'not proved: once something has failed some may wait for ever, and the run is stopped by then\n' +
      '  not looked at: permits of `right` that `a` releases without having them\n' +
      '  not looked at: permits of `left` that `b` releases without having them\n',
  );
});
