import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Dependency, InstancePlan, PoolPlan } from '../plan.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP208: something waits, without having said for which moment, for one whose failure is allowed. `allow_failure` spares the run, but
 * not who depends on it. Who has written the condition has thought of it, and the `success` of something that may always fail is no news.
 */
export function successMayNotCome(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const pools = new Map(input.plan.pools.map((pool) => [pool.name, pool]));
  return input.works.flatMap((work) =>
    work.dependsOn.flatMap((dependency) => {
      if (!input.defaultConditions.has(dependency) || !mayFailFirst(dependency, awaitedBy(input, pools, dependency))) return [];
      const waiter = 'process' in work ? work.process : work.name;
      const isReady = dependency.moment === 'ready';
      return [
        makeDiagnostic(
          'MP208',
          isReady
            ? `where \`${dependency.name}\` fails before it is ready, \`${waiter}\` is skipped, and that fails the run: \`allow_failure\` spares the run only the failure of \`${dependency.name}\` itself`
            : `where \`${dependency.name}\` fails, \`${waiter}\` is skipped: \`allow_failure\` spares the run, but not who waits for its success`,
          {
            range: locateDependency(input.locate, dependency),
            hint: `write what is meant: \`${dependency.name}: { condition: ${isReady ? 'start' : 'exit'} }\` comes either way, and \`condition: ${dependency.moment}\` says that this is it`,
          },
        ),
      ];
    }),
  );
}

function awaitedBy({ instances }: RuleInput, pools: ReadonlyMap<string, PoolPlan>, { name, target }: Dependency): readonly (InstancePlan | PoolPlan)[] {
  if (target.type === 'instances') return target.instances.flatMap((instance) => instances.get(instance) ?? []);
  return [pools.get(name) ?? []].flat();
}

/** Without a probe it is ready as soon as it was started. */
function mayFailFirst({ moment }: Dependency, awaited: readonly (InstancePlan | PoolPlan)[]): boolean {
  if (moment === 'success') return awaited.some(({ allowFailure }) => allowFailure);
  return moment === 'ready' && awaited.some((work) => work.allowFailure && 'readinessProbe' in work && work.readinessProbe !== null);
}
