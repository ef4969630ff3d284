import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { RuleInput } from './rule.ts';

/** MP607: a pool with neither `tasks` nor anybody who may submit ends at once without a task. */
export function poolWithoutTasks(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.mayHide('submit')) return [];
  return input.plan.pools.flatMap((pool) => {
    const empty =
      pool.tasks.type === 'none' || (pool.tasks.type === 'items' && pool.tasks.items.length === 0);
    const submitted = (input.actors.get(pool.name) ?? []).some(
      (actor) => actor.action === 'submit',
    );
    if (!empty || submitted || input.gaps.mayLack(pool.place, 'tasks')) return [];
    return [
      makeDiagnostic(
        'MP607',
        `the pool \`${pool.name}\` has no \`tasks\` and nobody submits any, so it ends at once`,
        {
          range: input.locate(pool.place, 'key'),
          hint: `give it \`tasks: [a, b]\`, add a step \`submit: ${pool.name}\`, or \`uses: { ${pool.name}: submit }\` to the process that submits`,
        },
      ),
    ];
  });
}
