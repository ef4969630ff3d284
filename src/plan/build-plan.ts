import { DiagnosticBag } from '../diagnostics/bag.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { LoadedSpec } from '../spec/loaded-spec.ts';
import { positiveCount } from '../spec/schema/leaves.ts';
import type { PoolSpec } from '../spec/schema/pool.ts';
import type { ProcessSpec } from '../spec/schema/process.ts';
import type { Spec } from '../spec/schema/spec.ts';
import { BuildContext } from './build/build-context.ts';
import { buildEnvironment } from './build/environment.ts';
import { EnvironmentScope } from './build/environment-scope.ts';
import { FillPlace } from './build/fill-place.ts';
import { fillLeaf, fillLoadText, fillOptionalDuration, longestTimeLeaf } from './build/fill-value.ts';
import { schemaLeaf, wordLeaf } from './build/leaf.ts';
import { nameEverything } from './build/name-everything.ts';
import { NameTable } from './build/name-table.ts';
import type { PlanHost } from './build/plan-host.ts';
import type { PlanOverrides } from './build/plan-overrides.ts';
import { buildPrimitives } from './build/primitives.ts';
import { resolvePath } from '../base/resolve-path.ts';
import { RunTimeNames } from './build/run-time-names.ts';
import type { SpecBasis } from './build/spec-basis.ts';
import { storedBy } from './build/stored-names.ts';
import { buildStop } from './build/work.ts';
import { buildWorks } from './build/works.ts';
import type { Plan } from './plan.ts';
import { checkPlan } from './rules/check-plan.ts';
import type { CheckedFacts } from './rules/rule-input.ts';

/** What came of the building of a plan. */
export interface BuiltPlan {
  /** null where a finding is an error, of the building or of the loading before it. */
  readonly plan: Plan | null;
  /** Of the building and of the rules, sorted. */
  readonly diagnostics: readonly Diagnostic[];
}

const positiveLeaf = schemaLeaf(positiveCount);
const onFailureLeaf = wordLeaf('stop', 'continue');
const defaultStop = { signal: 'SIGTERM', graceMs: 5000, command: null } as const;

/** A plan to which no rule was applied. */
interface CompiledPlan {
  readonly plan: Plan;
  readonly facts: CheckedFacts;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a spec into the plan of its run and applies every rule to it. All findings come at once, also
 * those of a spec that could not be read to its end; nothing is concluded from what is missing in it.
 * Reads nothing but the files named in `env_file`. Linear in the spec and its instances.
 */
export function buildPlan(
  loaded: LoadedSpec,
  host: PlanHost,
  overrides: PlanOverrides = {},
): BuiltPlan {
  const { plan, facts, diagnostics } = compilePlan(loaded, host, overrides);
  const bag = new DiagnosticBag(diagnostics);
  bag.addAll(checkPlan(plan, facts));
  return { plan: bag.hasErrors || !loaded.isWhole ? null : plan, diagnostics: bag.sorted() };
}

/** Compiles a spec as `buildPlan` does, to what its rules are applied to; `diagnostics` are the findings of that alone. */
export function compilePlan(loaded: LoadedSpec, host: PlanHost, overrides: PlanOverrides): CompiledPlan {
  const context = new BuildContext(loaded, host, overrides, new NameTable());
  return { plan: compile(context), facts: context, diagnostics: context.diagnostics };
}

function compile(context: BuildContext): Plan {
  const { loaded, host, overrides } = context;
  const { spec } = loaded;
  const bare = FillPlace.top(context, {
    environment: new EnvironmentScope(new Map(), host.environment),
    matrix: null,
    replica: null,
    replicas: null,
    cpuCount: host.cpuCount,
    runTime: RunTimeNames.none,
  });
  const added = buildEnvironment(bare.inScope({ ...bare.scope, runTime: namesOfAll(spec) }), spec);
  const overrideLayer = overrides.environment ?? [];
  const at = bare.inScope({ ...bare.scope, environment: added.scope.over(overrideLayer) });
  const { instances, workers } = nameEverything(at);
  const folder = loaded.folderOf(['working_dir']);
  const basis: SpecBasis = {
    workingDir: resolvePath(folder, fillLoadText(at.below('working_dir'), spec.working_dir)),
    layers: added.layers,
    overrideLayer,
    stop: buildStop(at.below('stop'), spec.stop, defaultStop),
    probed: probedProcesses(context),
  };
  const { primitives, stdioPipes } = buildPrimitives(at);
  const inSpecScope = bare.inScope({ ...bare.scope, environment: added.scope });
  const works = buildWorks(inSpecScope, basis, instances, workers, stdioPipes);
  return {
    name:
      spec.name === undefined
        ? (folder.split('/').at(-1) ?? '')
        : fillLoadText(at.below('name'), spec.name),
    description:
      spec.description === undefined
        ? null
        : fillLoadText(at.below('description'), spec.description),
    specFile: loaded.file,
    workingDir: basis.workingDir,
    onFailure:
      overrides.onFailure ??
      fillLeaf(at.below('on_failure'), spec.on_failure, onFailureLeaf, 'stop'),
    timeoutMs: overrides.timeoutMs ?? fillOptionalDuration(at.below('timeout'), spec.timeout, longestTimeLeaf),
    maxParallel:
      overrides.maxParallel ??
      (spec.max_parallel === undefined
        ? null
        : fillLeaf(at.below('max_parallel'), spec.max_parallel, positiveLeaf, 1)),
    containment: spec.containment,
    primitives,
    stdioPipes,
    instances: works.instances,
    pools: works.pools,
    actors: context.actors,
  };
}

/** The environment of the spec is filled in anew for everything that runs. */
function namesOfAll(spec: Spec): RunTimeNames {
  if (spec.environment === undefined) return RunTimeNames.none;
  const sections = [spec.processes, spec.daemons, spec.finally, spec.pools];
  const steps = sections.flatMap((section) =>
    Object.values<ProcessSpec | PoolSpec>(section).flatMap((work) => work.steps ?? []),
  );
  return RunTimeNames.atAnyStep(Object.keys(spec.pools).length > 0, storedBy(steps));
}

function probedProcesses({ loaded: { spec } }: BuildContext): ReadonlySet<string> {
  const sections = [spec.processes, spec.daemons, spec.finally];
  return new Set(
    sections.flatMap((section) =>
      Object.entries(section).flatMap(([name, process]) =>
        process.readiness_probe === undefined ? [] : [name],
      ),
    ),
  );
}
