import { count, exitCode, flag, json } from '../../spec/schema/leaves.ts';
import type { StepSpec } from '../../spec/schema/step.ts';
import type { Json } from '../../base/json.ts';
import type { OnTimeout, Step, StepBase } from '../step.ts';
import { buildCommand } from './commands.ts';
import { environmentLayer } from './environment.ts';
import {
  fillDuration,
  fillLeaf,
  fillLeafForRun,
  fillLoadJson,
  fillLoadText,
  fillOptionalDuration,
  fillText,
} from './fill-value.ts';
import { buildHolds } from './holds.ts';
import { eitherLeaf, schemaLeaf, wordLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { buildNamingStep } from './naming-steps.ts';
import { resolvePath } from '../../base/resolve-path.ts';
import { resolveUnder } from './resolve-under.ts';
import { RunTimeNames } from './run-time-names.ts';
import { storedBy } from './stored-names.ts';
import type { FillPlace } from './fill-place.ts';

const flagLeaf = schemaLeaf(flag);
const exitCodeLeaf = schemaLeaf(exitCode);
const jsonLeaf = schemaLeaf(json);
const listLeaf: Leaf<Json[]> = {
  expected: 'a list',
  read: (value) =>
    Array.isArray(value) ? value.flatMap((item) => jsonLeaf.read(item) ?? []) : undefined,
};
const roundsLeaf = eitherLeaf(eitherLeaf(schemaLeaf(count), wordLeaf('forever')), listLeaf);

/** The steps of a process or pool; a step whose name stands for nothing is reported and left out. */
export function buildSteps(
  at: FillPlace,
  workingDir: string,
  steps: readonly StepSpec[],
): readonly Step[] {
  const { scope } = at;
  const { hasItem, stored } = scope.runTime;
  const runTime = RunTimeNames.beforeSteps(hasItem, stored);
  return buildList(at.inScope({ ...scope, runTime }), workingDir, steps);
}

function buildList(
  at: FillPlace,
  workingDir: string,
  steps: readonly StepSpec[],
): readonly Step[] {
  const { runTime } = at.scope;
  return steps.flatMap((spec, index) => {
    // Its own body knows the name of a step, and a later round what an earlier one has stored.
    if ('each' in spec || 'repeat' in spec) runTime.learn(storedBy([spec]).variables);
    if ('with' in spec) learnOwn(runTime, spec);
    const step = buildStep(at.below(index), workingDir, spec);
    learnOwn(runTime, spec);
    if (step === null || lacksHolds(at.below(index))) at.context.gaps.add(at.below(index).place);
    return step === null ? [] : [step];
  });
}

/** Whether it is not known what a step acquires or releases. */
function lacksHolds({ context: { gaps }, place }: FillPlace): boolean {
  return !gaps.isEmpty && ['acquire', 'release', 'with'].some((verb) => gaps.isIn([...place, verb]));
}

function learnOwn(runTime: RunTimeNames, spec: StepSpec): void {
  if ('as' in spec && spec.as !== undefined && !('submit' in spec)) runTime.learn([spec.as]);
}

function buildStep(at: FillPlace, workingDir: string, spec: StepSpec): Step | null {
  const base = buildBase(at, workingDir, spec);
  if ('run' in spec) return buildRun(at, workingDir, base, spec);
  if ('print' in spec) {
    return { ...base, verb: 'print', text: fillText(at.below('print'), spec.print) };
  }
  if ('sleep' in spec) {
    return { ...base, verb: 'sleep', durationMs: fillDuration(at.below('sleep'), spec.sleep) };
  }
  if ('with' in spec) {
    const demands = buildHolds(at.below('with'), spec.with, '`with`');
    return { ...base, verb: 'with', demands, steps: buildList(at.below('do'), workingDir, spec.do) };
  }
  if ('each' in spec) {
    const source = resolveUnder(at, 'each', spec.each, 'streams');
    const steps = buildList(at.below('do'), workingDir, spec.do);
    if (source === null) return null;
    const kind = source.kind === 'queue' ? 'queue' : 'pipe';
    return { ...base, verb: 'each', source: { kind, name: source.name }, steps };
  }
  if ('repeat' in spec) return buildRepeat(at, workingDir, base, spec);
  if ('exit' in spec) {
    return { ...base, verb: 'exit', code: fillLeafForRun(at.below('exit'), spec.exit, exitCodeLeaf, 0) };
  }
  if ('shutdown' in spec) {
    const code = fillLeafForRun(at.below('shutdown'), spec.shutdown, exitCodeLeaf, 0);
    return { ...base, verb: 'shutdown', code };
  }
  return buildNamingStep(at, base, spec);
}

function buildRun(
  at: FillPlace,
  workingDir: string,
  base: StepBase,
  spec: Extract<StepSpec, { run: unknown }>,
): Step {
  const added =
    spec.environment === undefined
      ? []
      : environmentLayer(at.below('environment'), spec.environment);
  const inRun = at.inScope({ ...at.scope, environment: at.scope.environment.over(added) });
  const written =
    spec.working_dir === undefined ? '' : fillLoadText(at.below('working_dir'), spec.working_dir);
  return {
    ...base,
    verb: 'run',
    command: buildCommand(inRun.below('run'), spec.run, spec.args, inRun.below('args')),
    environment: added,
    workingDir: written === '' ? null : resolvePath(workingDir, written),
  };
}

function buildRepeat(
  at: FillPlace,
  workingDir: string,
  base: StepBase,
  spec: Extract<StepSpec, { repeat: unknown }>,
): Step {
  const place = at.below('repeat');
  const rounds = fillLeaf(place, spec.repeat, roundsLeaf, 0);
  const steps = buildList(at.below('do'), workingDir, spec.do);
  if (!Array.isArray(rounds)) return { ...base, verb: 'repeat', rounds, steps };
  const elements = rounds.map((element, index) => fillLoadJson(place.below(index), element));
  return { ...base, verb: 'repeat', rounds: elements, steps };
}

/** Of a step that could not be read to its end nothing is concluded from how it waits and fails. */
function buildBase(at: FillPlace, workingDir: string, spec: StepSpec): StepBase {
  const block = 'block' in spec ? fillLeaf(at.below('block'), spec.block, flagLeaf, true) : true;
  const written =
    'timeout' in spec ? fillOptionalDuration(at.below('timeout'), spec.timeout) : null;
  const base: StepBase = {
    place: at.place,
    as: 'as' in spec ? (spec.as ?? null) : null,
    allowFailure: fillLeaf(at.below('allow_failure'), spec.allow_failure, flagLeaf, false),
    timeoutMs: block ? written : 0,
    onTimeout: buildOnTimeout(at, workingDir, spec),
  };
  const { gaps } = at.context;
  const isVague = !gaps.isEmpty && ['timeout', 'block', 'on_timeout', 'allow_failure'].some((key) => gaps.mayLack(base.place, key));
  return isVague ? { ...base, allowFailure: true, timeoutMs: 0, onTimeout: { type: 'continue' } } : base;
}

function buildOnTimeout(at: FillPlace, workingDir: string, spec: StepSpec): OnTimeout {
  const written = 'on_timeout' in spec ? spec.on_timeout : undefined;
  if (Array.isArray(written)) {
    learnOwn(at.scope.runTime, spec);
    return { type: 'steps', steps: buildList(at.below('on_timeout'), workingDir, written) };
  }
  if (written !== undefined) return { type: written };
  return takesTrueOrFalse(at, spec) ? { type: 'continue' } : { type: 'fail' };
}

/** Python returns False where the caller can see it, and raises elsewhere; so does a step. */
function takesTrueOrFalse(at: FillPlace, spec: StepSpec): boolean {
  if (!('as' in spec) || spec.as === undefined) return false;
  if ('wait' in spec) return at.context.names.get(spec.wait)?.kind !== 'barrier';
  return 'acquire' in spec || 'with' in spec || 'put' in spec || 'send' in spec || 'join' in spec;
}
