import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { replay } from '../../property/verify/replay.ts';

it('a deadlock is told also beside a daemon that goes on for ever, and takes what it reads from a queue', () => {
  const plan = validPlan(
    'locks: { l: , k: }\nqueues: { q: { items: [1] } }\nprocesses:\n  a: { steps: [{ acquire: l }, { acquire: k }] }\n  b: { steps: [{ acquire: k }, { acquire: l }] }\ndaemons: { d: { command: ./d, stdin: { queue: q } } }',
  );
  const { verdict } = judge(plan, { maxStates: 10_000, mayGoOn: () => true });
  expect(verdict.type).toBe('counterexample');
  if (verdict.type !== 'counterexample') return;
  expect(verdict.schedule.endless).toEqual(['d']);
  const { exitCode, departure, cycle } = replay(plan, verdict.schedule);
  expect([exitCode, departure, cycle.map(({ instance }) => instance)]).toEqual([5, null, ['a', 'b']]);
});
