import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP205: without a readiness probe a process counts as ready as soon as its command was started,
 * which is seldom what a wait for `ready` means. Where `ready` was only the default condition of a
 * daemon it is a note.
 */
export function readyWithoutProbe(input: RuleInput): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const work of input.works) {
    const waiter = 'process' in work ? work.process : work.name;
    for (const dependency of work.dependsOn) {
      if (dependency.moment !== 'ready' || dependency.target.type === 'pool') continue;
      const target = dependency.target.instances
        .map((name) => input.instances.get(name))
        .find((instance) => instance !== undefined);
      if (target === undefined || target.readinessProbe !== null) continue;
      if (input.gaps.mayLack(target.place, 'readiness_probe') || input.gaps.mayLack(dependency.place, 'condition')) continue;
      found.push(
        makeDiagnostic(
          'MP205',
          `\`${waiter}\` waits for \`${dependency.name}\` to be ready, but \`${dependency.name}\` has no \`readiness_probe\`: it counts as ready once it was started`,
          {
            range: locateDependency(input.locate, dependency),
            related: [
              {
                message: `\`${dependency.name}\` is defined here`,
                range: input.locate(target.place, 'key'),
              },
            ],
            hint: `add \`readiness_probe: { tcp_socket: { port: 5432 } }\` to \`${dependency.name}\`, or wait for its \`start\``,
            ...(input.defaultConditions.has(dependency) ? { severity: 'note' as const } : {}),
          },
        ),
      );
    }
  }
  return found;
}
