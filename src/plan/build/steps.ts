import { flag, json, count } from '../../spec/schema/leaves.ts';
import type { StepSpec } from '../../spec/schema/step.ts';
import type { Json } from '../../base/json.ts';
import type { OnTimeout, Step, StepBase } from '../step.ts';
import { buildCommand } from './commands.ts';
import { environmentLayer } from './environment.ts';
import { below } from './fill-place.ts';
import {
  fillDuration,
  fillJson,
  fillLeaf,
  fillLoadJson,
  fillLoadText,
  fillOptionalDuration,
  fillText,
} from './fill-value.ts';
import { buildHolds } from './holds.ts';
import { eitherLeaf, schemaLeaf, wordLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { buildNamingStep } from './naming-steps.ts';
import { resolvePath } from './resolve-path.ts';
import { resolveUnder } from './step-place.ts';
import type { StepPlace } from './step-place.ts';

const flagLeaf = schemaLeaf(flag);
const jsonLeaf = schemaLeaf(json);
const listLeaf: Leaf<Json[]> = {
  expected: 'a list',
  read: (value) =>
    Array.isArray(value) ? value.flatMap((item) => jsonLeaf.read(item) ?? []) : undefined,
};
const roundsLeaf = eitherLeaf(eitherLeaf(schemaLeaf(count), wordLeaf('forever')), listLeaf);

/** A list of steps; a step whose name stands for nothing is reported and left out. */
export function buildSteps(at: StepPlace, steps: readonly StepSpec[]): readonly Step[] {
  return steps.flatMap((spec, index) => {
    const step = buildStep({ ...at, place: [...at.place, index] }, spec);
    return step === null ? [] : [step];
  });
}

function buildStep(at: StepPlace, spec: StepSpec): Step | null {
  const base = buildBase(at, spec);
  if ('run' in spec) return buildRun(at, base, spec);
  if ('print' in spec) {
    return { ...base, verb: 'print', text: fillText(below(at, 'print'), spec.print) };
  }
  if ('sleep' in spec) {
    return { ...base, verb: 'sleep', durationMs: fillDuration(below(at, 'sleep'), spec.sleep) };
  }
  if ('with' in spec) {
    const demands = buildHolds(below(at, 'with'), spec.with, '`with`');
    return { ...base, verb: 'with', demands, steps: buildInner(at, 'do', spec.do) };
  }
  if ('each' in spec) {
    const source = resolveUnder(at, 'each', spec.each, 'streams');
    const steps = buildInner(at, 'do', spec.do);
    if (source === null) return null;
    const kind = source.kind === 'queue' ? 'queue' : 'pipe';
    return { ...base, verb: 'each', source: { kind, name: source.name }, steps };
  }
  if ('repeat' in spec) return buildRepeat(at, base, spec);
  if ('exit' in spec) {
    return { ...base, verb: 'exit', code: fillJson(below(at, 'exit'), spec.exit) };
  }
  if ('shutdown' in spec) {
    return { ...base, verb: 'shutdown', code: fillJson(below(at, 'shutdown'), spec.shutdown) };
  }
  return buildNamingStep(at, base, spec);
}

function buildRun(at: StepPlace, base: StepBase, spec: Extract<StepSpec, { run: unknown }>): Step {
  const added =
    spec.environment === undefined
      ? []
      : environmentLayer(below(at, 'environment'), spec.environment);
  const inRun = { ...at, scope: { ...at.scope, environment: at.scope.environment.over(added) } };
  const written =
    spec.working_dir === undefined ? '' : fillLoadText(below(at, 'working_dir'), spec.working_dir);
  return {
    ...base,
    verb: 'run',
    command: buildCommand(below(inRun, 'run'), spec.run, spec.args, below(inRun, 'args')),
    environment: added,
    workingDir: written === '' ? null : resolvePath(at.workingDir, written),
  };
}

function buildRepeat(
  at: StepPlace,
  base: StepBase,
  spec: Extract<StepSpec, { repeat: unknown }>,
): Step {
  const place = below(at, 'repeat');
  const rounds = fillLeaf(place, spec.repeat, roundsLeaf, 0);
  const steps = buildInner(at, 'do', spec.do);
  if (!Array.isArray(rounds)) return { ...base, verb: 'repeat', rounds, steps };
  const elements = rounds.map((element, index) => fillLoadJson(below(place, index), element));
  return { ...base, verb: 'repeat', rounds: elements, steps };
}

function buildInner(at: StepPlace, key: string, steps: readonly StepSpec[]): readonly Step[] {
  return buildSteps({ ...at, place: [...at.place, key] }, steps);
}

function buildBase(at: StepPlace, spec: StepSpec): StepBase {
  const block = 'block' in spec ? fillLeaf(below(at, 'block'), spec.block, flagLeaf, true) : true;
  const written =
    'timeout' in spec ? fillOptionalDuration(below(at, 'timeout'), spec.timeout) : null;
  return {
    place: at.place,
    as: 'as' in spec ? (spec.as ?? null) : null,
    allowFailure: fillLeaf(below(at, 'allow_failure'), spec.allow_failure, flagLeaf, false),
    timeoutMs: block ? written : 0,
    onTimeout: buildOnTimeout(at, spec),
  };
}

function buildOnTimeout(at: StepPlace, spec: StepSpec): OnTimeout {
  const written = 'on_timeout' in spec ? spec.on_timeout : undefined;
  if (Array.isArray(written))
    return { type: 'steps', steps: buildInner(at, 'on_timeout', written) };
  if (written !== undefined) return { type: written };
  return takesTrueOrFalse(at, spec) ? { type: 'continue' } : { type: 'fail' };
}

/** Python returns False where the caller can see it, and raises elsewhere; so does a step. */
function takesTrueOrFalse(at: StepPlace, spec: StepSpec): boolean {
  if (!('as' in spec) || spec.as === undefined) return false;
  if ('wait' in spec) return at.context.names.get(spec.wait)?.kind !== 'barrier';
  return 'acquire' in spec || 'with' in spec || 'put' in spec || 'send' in spec || 'join' in spec;
}
