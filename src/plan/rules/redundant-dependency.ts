import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Dependency, InstancePlan, Moment, PoolPlan } from '../plan.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';

/** What has come too when a moment has. */
const implied: Readonly<Record<Moment, readonly Moment[]>> = {
  start: ['start'],
  ready: ['ready', 'start'],
  success: ['success', 'exit', 'start'],
  failure: ['failure', 'exit'],
  exit: ['exit'],
};

/**
 * MP207: something is waited for that another one of the same `depends_on` has waited for already. Said only of a wait
 * that needs nothing else in between, and has no timeout of its own.
 */
export function redundantDependency(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const works = new Map<string, InstancePlan | PoolPlan>();
  for (const work of input.works) works.set('process' in work ? work.process : work.name, work);
  return input.works.flatMap((work) => {
    if (work.dependsOn.length < 2) return [];
    const own = new Set(work.dependsOn.map(({ name }) => name));
    const known = new Map<string, Dependency>();
    for (const through of work.dependsOn) {
      // What was skipped has ended, but has waited for nothing.
      if (through.moment === 'exit' || through.moment === 'failure') continue;
      for (const { name, moment } of works.get(through.name)?.dependsOn ?? []) {
        if (own.has(name)) for (const also of implied[moment]) known.set(`${name} ${also}`, through);
      }
    }
    return work.dependsOn.flatMap((dependency) => {
      const through = known.get(`${dependency.name} ${dependency.moment}`);
      if (through === undefined || dependency.timeoutMs !== null) return [];
      const waiter = 'process' in work ? work.process : work.name;
      return [
        makeDiagnostic('MP207', `\`${waiter}\` waits for the ${dependency.moment} of \`${dependency.name}\` through \`${through.name}\` already`, {
          range: locateDependency(input.locate, dependency),
          related: [{ message: `\`${through.name}\` starts only after that`, range: locateDependency(input.locate, through) }],
          hint: 'leave it out, or keep it where it is meant for the reader',
        }),
      ];
    });
  });
}
