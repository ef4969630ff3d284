import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { weightOfWait } from './how-sure.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';

/** MP206: one process cannot both succeed and fail, so a wait for both skips the waiter in every run. */
export function contradictoryConditions(input: RuleInput): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const work of input.works) {
    const known = work.dependsOn.filter(({ place }) => !input.gaps.mayLack(place, 'condition'));
    const failures = known.filter((dependency) => dependency.moment === 'failure');
    const successes = known.filter((dependency) => dependency.moment === 'success');
    for (const failure of failures) {
      const failing = failure.target.type === 'pool' ? [failure.name] : failure.target.instances;
      const success = successes.find((dependency) => {
        const succeeding = new Set(
          dependency.target.type === 'pool' ? [dependency.name] : dependency.target.instances,
        );
        return failing.every((name) => succeeding.has(name));
      });
      if (success === undefined) continue;
      const waiter = 'process' in work ? work.process : work.name;
      found.push(
        makeDiagnostic(
          'MP206',
          `\`${waiter}\` waits for \`${failure.name}\` to fail and for \`${success.name}\` to succeed, which cannot both happen: it is always skipped`,
          {
            range: locateDependency(input.locate, failure),
            related: [
              {
                message: 'success is waited for here',
                range: locateDependency(input.locate, success),
              },
            ],
            hint: 'wait for `exit`, which comes either way',
            ...weightOfWait(input, work),
          },
        ),
      );
    }
  }
  return found;
}
