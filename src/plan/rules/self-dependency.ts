import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { howSure, weightOfWait } from './how-sure.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';
import { isOwnDependency } from './is-own-dependency.ts';

/** MP201: nothing can wait for itself, neither before its start nor in a `join` of its own. */
export function selfDependency(input: RuleInput): readonly Diagnostic[] {
  const beforeStart = input.works.flatMap((work) =>
    work.dependsOn
      .filter((dependency) => isOwnDependency(work, dependency))
      .map((dependency) =>
        makeDiagnostic(
          'MP201',
          `\`${'process' in work ? work.process : work.name}\` waits for itself before it starts, so it can never start`,
          {
            range: locateDependency(input.locate, dependency),
            hint: `remove \`${dependency.name}\` from its \`depends_on\``,
            ...weightOfWait(input, work),
          },
        ),
      ),
  );
  const inSteps = input.bodies.flatMap((body) => {
    const runners = new Set(body.runners);
    return [...howSure(body.steps)].flatMap(([step, how]) => {
      if (step.verb !== 'join' || step.timeoutMs !== null) return [];
      const { target } = step;
      const joined = target.kind === 'instances' ? target.instances : [target.name];
      if (!joined.some((name) => runners.has(name))) return [];
      return [
        makeDiagnostic('MP201', `\`${body.owner}\` joins itself: it would wait for its own end`, {
          range: input.locate([...step.place, 'join'], 'value'),
          hint: 'join another process, or end this one with `exit: 0`',
          ...weightOfWait(input, body.work, how),
        }),
      ];
    });
  });
  return [...beforeStart, ...inSteps];
}
