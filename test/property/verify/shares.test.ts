import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { lockableSpec } from './lockable-spec.ts';

it('specs that deadlock, that an order proves and that a search proves are all tried often', async ({ annotate }) => {
  const verdicts = fc.sample(lockableSpec, { numRuns: 200, seed: 1 }).flatMap((spec) => {
    const plan = planOrNull(spec);
    if (plan === null) return [];
    const { verdict } = judge({ ...plan, onFailure: 'continue' }, { maxStates: 100_000, mayGoOn: () => true });
    return [verdict.type === 'proved' ? verdict.by : verdict.type];
  });
  const share = (wanted: string): number => verdicts.filter((verdict) => verdict === wanted).length / verdicts.length;
  const shares = { deadlocking: share('counterexample'), certified: share('order'), searched: share('search') };
  await annotate(Object.entries(shares).map(([what, part]) => `${what} ${part.toFixed(2)}`).join(', '));
  for (const part of Object.values(shares)) expect(part).toBeGreaterThan(0.2);
});
