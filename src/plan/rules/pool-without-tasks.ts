import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { TaskSource } from '../plan.ts';
import type { RuleInput } from './rule.ts';

type Range = Extract<TaskSource, { type: 'range' }>;

/** MP607: a pool with neither `tasks` nor anybody who may submit ends at once without a task; so does one whose range leads away from its end. */
export function poolWithoutTasks(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.mayHide('submit')) return [];
  return input.plan.pools.flatMap((pool) => {
    const { tasks } = pool;
    const range = tasks.type === 'range' && (tasks.last - tasks.first) / tasks.step < 0 ? tasks : null;
    const empty = range !== null || tasks.type === 'none' || (tasks.type === 'items' && tasks.items.length === 0);
    const submitted = (input.actors.get(pool.name) ?? []).some(
      (actor) => actor.action === 'submit',
    );
    if (!empty || submitted || input.gaps.mayLack(pool.place, 'tasks')) return [];
    return [
      makeDiagnostic(
        'MP607',
        range === null
          ? `the pool \`${pool.name}\` has no \`tasks\` and nobody submits any, so it ends at once`
          : `the \`range\` of the pool \`${pool.name}\` has no number, since it counts from ${range.first} away from ${range.last}, so the pool ends at once`,
        {
          range: range === null ? input.locate(pool.place, 'key') : input.locate([...pool.place, 'tasks', 'range'], 'value'),
          hint: range !== null ? otherWay(range) : `give it \`tasks: [a, b]\`, add a step \`submit: ${pool.name}\`, or \`uses: { ${pool.name}: submit }\` to the process that submits`,
        },
      ),
    ];
  });
}

/** The same numbers, upwards, and with the step downwards. */
function otherWay({ first, last, step }: Range): string {
  const upwards = Math.abs(step) === 1 ? `[${Math.min(first, last)}, ${Math.max(first, last)}]` : `[${Math.min(first, last)}, ${Math.max(first, last)}, ${Math.abs(step)}]`;
  return first < last ? `write \`range: ${upwards}\`` : `write \`range: ${upwards}\`, or \`range: [${first}, ${last}, ${-Math.abs(step)}]\` to count down`;
}
