import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { isNeverStarted } from './is-never-started.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import type { RuleInput } from './rule.ts';

/** MP711: a process with `autostart: false` that no step and no program starts; only a user could. */
export function neverStarted(input: RuleInput): readonly Diagnostic[] {
  return input.works.flatMap((work) => {
    if (work.autostart || !isNeverStarted(input, work.name)) return [];
    const name = 'process' in work ? work.process : work.name;
    const dependents = input.works.filter((other) => other.dependsOn.some((dependency) => dependency.name === name));
    return [
      makeDiagnostic(
        'MP711',
        `nothing in this spec starts \`${name}\`, which does not start by itself`,
        {
          range: input.locate([...work.place, 'autostart'], 'value'),
          related: dependents.slice(0, 5).map((other) => ({
            message: `\`${other.name}\` depends on it, and is skipped`,
            range: input.locate(other.place, 'key'),
          })),
          hint:
            dependents.length > 0
              ? `add a step \`start: ${name}\`, or leave \`autostart\` out`
              : `add a step \`start: ${name}\`, or leave \`autostart\` out; where it is for you to start, ${byHand(work, name)}`,
        },
      ),
    ];
  });
}

/** How a user starts it: in a run that goes on, what is of `finally` only while that goes on. */
function byHand(work: InstancePlan | PoolPlan, name: string): string {
  const when = 'kind' in work && work.kind === 'finally' ? ' while something else of `finally` runs' : '';
  return `\`mpctl run ${name}\` does, and in a run that still goes on \`mpctl start ${name}\`${when}`;
}
