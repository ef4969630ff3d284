import { count, flag } from '../../spec/schema/leaves.ts';
import type { ProcessSpec } from '../../spec/schema/process.ts';
import type { NamedInstance } from '../name-instances.ts';
import type { InstancePlan } from '../plan.ts';
import { buildBackoff } from './backoff.ts';
import { buildBody } from './body.ts';
import type { FillPlace } from './fill-place.ts';
import { fillByteSize, fillDuration, fillLeaf, fillOptionalDuration, longestTimeLeaf } from './fill-value.ts';
import { schemaLeaf, wordLeaf } from './leaf.ts';
import { checkKeysOfCommand } from './keys-of-a-command.ts';
import { namesInstance } from './names-instance.ts';
import { instanceVariables } from './own-variables.ts';
import { buildProbe } from './probes.ts';
import { RunTimeNames } from './run-time-names.ts';
import type { SpecBasis } from './spec-basis.ts';
import { storedBy } from './stored-names.ts';
import { buildWork } from './work.ts';

const countLeaf = schemaLeaf(count);
const flagLeaf = schemaLeaf(flag);
/** Longest line of a process with a direct log, where mpctl reads lines of it all the same. */
const otherLineBytes = 64 * 1024;
const restartLeaf = wordLeaf('no', 'on_failure', 'always');

/** A process as it stands in one of the sections that define processes. */
export interface WrittenProcess {
  readonly name: string;
  readonly kind: InstancePlan['kind'];
  readonly spec: ProcessSpec;
}

/**
 * The instances of one process. They share everything unless the spec of the process names what
 * differs between them: then each is filled in on its own.
 */
export function buildInstances(
  at: FillPlace,
  process: WrittenProcess,
  named: readonly NamedInstance[],
  basis: SpecBasis,
): readonly InstancePlan[] {
  const build = (instance: NamedInstance): InstancePlan =>
    buildInstance(at, process, instance, basis);
  const [first] = named;
  if (first === undefined) return [];
  if (named.length === 1) return [build(first)];
  if (namesInstance(process.spec)) return named.map(build);
  const shared = build(first);
  return named.map((instance) => ({ ...shared, ...instance }));
}

function buildInstance(
  outer: FillPlace,
  { name: process, kind, spec }: WrittenProcess,
  instance: NamedInstance,
  basis: SpecBasis,
): InstancePlan {
  const { replica, replicas, matrix } = instance;
  const isMatrix = spec.matrix !== undefined;
  const runTime = RunTimeNames.atAnyStep(false, storedBy(spec.steps));
  const scope = { ...outer.scope, replica, replicas, matrix: isMatrix ? matrix : null, runTime };
  const { work, at } = buildWork(outer.inScope(scope), spec, basis, instanceVariables(outer.context, kind, instance));
  const tty = fillLeaf(at.below('tty'), spec.tty, flagLeaf, false);
  checkKeysOfCommand(at, spec, tty);
  // Spelt out: a literal that spreads so many keys becomes a slow dictionary, ten thousand times.
  return {
    name: instance.name,
    process,
    kind,
    replica,
    replicas,
    matrix,
    place: work.place,
    description: work.description,
    workingDir: work.workingDir,
    environment: work.environment,
    stdin: work.stdin,
    stdout: work.stdout,
    stderr: work.stderr,
    successExitCodes: work.successExitCodes,
    stop: work.stop,
    dependsOn: work.dependsOn,
    waitFor: work.waitFor,
    holds: work.holds,
    declaredHolds: work.declaredHolds,
    taskDoneQueues: work.taskDoneQueues,
    sets: work.sets,
    autostart: work.autostart,
    allowFailure: work.allowFailure,
    body: buildBody(at, spec, work.workingDir),
    readinessProbe: buildProbe(at.below('readiness_probe'), spec.readiness_probe, 'readiness'),
    livenessProbe: buildProbe(at.below('liveness_probe'), spec.liveness_probe, 'liveness'),
    restart: fillLeaf(at.below('restart'), spec.restart, restartLeaf, 'no'),
    maxRestarts: buildMaxRestarts(at.below('max_restarts'), spec.max_restarts),
    backoff: buildBackoff(at.below('backoff'), spec.backoff),
    timeoutMs: fillOptionalDuration(at.below('timeout'), spec.timeout, longestTimeLeaf),
    tty,
    log: buildLog(at.below('log'), spec.log),
  };
}


function buildMaxRestarts(
  at: FillPlace,
  spec: ProcessSpec['max_restarts'],
): InstancePlan['maxRestarts'] {
  if (typeof spec !== 'object') return { count: fillLeaf(at, spec, countLeaf, 0), withinMs: null };
  return {
    count: fillLeaf(at.below('count'), spec.count, countLeaf, 0),
    withinMs: fillDuration(at.below('within'), spec.within),
  };
}

function buildLog(at: FillPlace, spec: ProcessSpec['log']): InstancePlan['log'] {
  if (spec === 'direct') return { direct: true, maxSizeBytes: null, keep: 0, maxLineBytes: otherLineBytes };
  return {
    direct: false,
    maxSizeBytes: fillByteSize(at.below('max_size'), spec.max_size),
    keep: fillLeaf(at.below('keep'), spec.keep, countLeaf, 0),
    maxLineBytes: fillByteSize(at.below('max_line'), spec.max_line),
  };
}
