import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Plan, PoolPlan } from '../plan.ts';
import type { RuleInput } from './rule.ts';

/** MP612: tasks are handed to a worker one at a time, whatever `chunk` says. */
export function chunkWithoutEffect({ plan, locate }: RuleInput): readonly Diagnostic[] {
  return plan.pools.flatMap((pool) => {
    if (pool.body.type !== 'worker' || pool.body.chunk === 1) return [];
    const why = whyOneAtATime(plan, pool);
    if (why === null) return [];
    return [
      makeDiagnostic('MP612', `\`chunk\` has no effect in the pool \`${pool.name}\`: ${why}`, {
        range: locate([...pool.place, 'chunk'], 'key'),
        hint: 'remove it',
      }),
    ];
  });
}

/** Why a worker is never handed more than one task; null where it is. */
export function whyOneAtATime({ maxParallel }: Plan, { tasks, holds }: PoolPlan): string | null {
  if (tasks.type === 'queue') return `an item of \`${tasks.queue}\` stays there until a worker is free`;
  if (holds.length > 0) return 'each task takes what stands under `with` for itself';
  return maxParallel === null ? null : 'each task takes a slot of `max_parallel` for itself';
}
