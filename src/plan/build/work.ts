import { exitCode, flag, signal } from '../../spec/schema/leaves.ts';
import type { PoolSpec } from '../../spec/schema/pool.ts';
import type { ProcessSpec } from '../../spec/schema/process.ts';
import type { StopSpec } from '../../spec/schema/timing.ts';
import type { SetsSpec } from '../../spec/schema/work.ts';
import type { Moment, MomentSets, StopPlan, WorkPlan } from '../plan.ts';
import { buildCommand } from './commands.ts';
import { buildDependencies } from './dependencies.ts';
import { buildEnvironment } from './environment.ts';
import { EnvironmentScope } from './environment-scope.ts';
import type { FillPlace } from './fill-place.ts';
import { fillDuration, fillLeaf, fillLoadText } from './fill-value.ts';
import { buildHolds } from './holds.ts';
import type { OwnVariables } from './own-variables.ts';
import { schemaLeaf } from './leaf.ts';
import { resolveReference } from './resolve-reference.ts';
import { resolvePath } from '../../base/resolve-path.ts';
import { buildStartWaits } from './start-waits.ts';
import { buildOutput, buildStdin } from './streams.ts';
import type { SpecBasis } from './spec-basis.ts';

const flagLeaf = schemaLeaf(flag);
const exitCodeLeaf = schemaLeaf(exitCode);
const signalLeaf = schemaLeaf(signal);

/** The common part of a process or pool, and where its own values are filled in. */
export interface BuiltWork {
  readonly work: WorkPlan;
  /** With the environment of the process. */
  readonly at: FillPlace;
}

/**
 * What processes and pools have in common. `at` has the environment of the spec; `own` are the
 * variables that mpctl itself sets on top of everything.
 */
export function buildWork(
  at: FillPlace,
  spec: ProcessSpec | PoolSpec,
  basis: SpecBasis,
  own: OwnVariables,
): BuiltWork {
  // Inside `environment` the layers before it are known, and none of what mpctl sets on top.
  const beneath = new EnvironmentScope(new Map(), at.scope.environment, true);
  const added = buildEnvironment(at.inScope({ ...at.scope, environment: beneath }), spec);
  const layers = added.scope.over(basis.overrideLayer);
  const inner = at.inScope({
    ...at.scope,
    environment: new EnvironmentScope(own.work, layers),
    environmentApart: new EnvironmentScope(own.apart, layers),
  });
  const { description, working_dir: written } = spec;
  const work: WorkPlan = {
    place: at.place,
    description:
      description === undefined ? null : fillLoadText(inner.below('description'), description),
    workingDir:
      written === undefined
        ? basis.workingDir
        : resolvePath(basis.workingDir, fillLoadText(inner.below('working_dir'), written)),
    environment: [
      ...basis.layers,
      ...added.layers,
      ...(basis.overrideLayer.length === 0 ? [] : [basis.overrideLayer]),
    ],
    stdin: buildStdin(inner.below('stdin'), spec.stdin),
    stdout: buildOutput(inner.below('stdout'), spec.stdout),
    stderr: buildOutput(inner.below('stderr'), spec.stderr),
    successExitCodes: spec.success_exit_codes.map((code, index) =>
      fillLeaf(inner.below('success_exit_codes').below(index), code, exitCodeLeaf, 0),
    ),
    stop: buildStop(inner.below('stop'), spec.stop, basis.stop),
    dependsOn: buildDependencies(inner.below('depends_on'), spec.depends_on, basis.probed),
    waitFor: buildStartWaits(inner.below('wait_for'), spec.wait_for),
    holds: buildHolds(inner.below('with'), spec.with, '`with`'),
    declaredHolds: [],
    taskDoneQueues: [],
    sets: buildSets(inner.below('sets'), spec.sets),
    autostart: fillLeaf(inner.below('autostart'), spec.autostart, flagLeaf, true),
    allowFailure: fillLeaf(inner.below('allow_failure'), spec.allow_failure, flagLeaf, false),
  };
  return { work, at: inner };
}

/** How something is stopped; what is left out is as `otherwise` says. */
export function buildStop(
  at: FillPlace,
  spec: StopSpec | undefined,
  otherwise: StopPlan,
): StopPlan {
  if (spec === undefined) return otherwise;
  return {
    signal:
      spec.signal === undefined
        ? otherwise.signal
        : fillLeaf(at.below('signal'), spec.signal, signalLeaf, 'SIGTERM'),
    graceMs:
      spec.grace_period === undefined
        ? otherwise.graceMs
        : fillDuration(at.below('grace_period'), spec.grace_period),
    command:
      spec.command === undefined
        ? otherwise.command
        : buildCommand(at.below('command').apartFromTheWork(), spec.command),
  };
}

const moments: readonly Moment[] = ['start', 'ready', 'success', 'failure', 'exit'];

function buildSets(at: FillPlace, sets: SetsSpec | undefined): readonly MomentSets[] {
  if (sets === undefined) return [];
  return moments.flatMap((moment) => {
    const written = sets[moment];
    if (written === undefined) return [];
    const place = at.below(moment);
    const list = Array.isArray(written)
      ? written.map((name, index) => [name, place.below(index)] as const)
      : [[written, place] as const];
    const events = list.flatMap(([raw, each]) => {
      const thing = resolveReference(each, raw, { takes: 'event', where: '`sets`' }, 'set');
      return thing === null ? [] : [thing.name];
    });
    return events.length === 0 ? [] : [{ moment, events }];
  });
}
