import { asText } from '../base/as-text.ts';
import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { utf8Length } from '../base/utf8-length.ts';
import type { CommandPlan, EnvironmentLayer, StdinPlan, StdoutPlan } from '../plan/command.ts';
import type { InstancePlan, PoolPlan, WorkPlan } from '../plan/plan.ts';
import type { Context } from './context.ts';
import type { InputTarget, OutputTarget } from './effect.ts';
import { attemptVariables, runVariables } from './run-variables.ts';
import { emptyScope, renderText, type EnvironmentView, type Scope } from './scope.ts';
import type { InstanceState, TaskState, WorkerState } from './unit-state.ts';

/** Environment on top of mpctl's own; null restores mpctl's own value. */
export type Overlay = readonly (readonly [name: string, value: string | null])[];

/** Linux takes at most 128 KiB for one string of an environment: name, `=`, text and the byte that ends it. */
const maxEntryBytes = 128 * 1024;

/** Completes a command to an argv. */
export function argvOf(context: Context, scope: Scope, command: CommandPlan): Result<readonly string[], string> {
  const argv: string[] = [];
  if (command.type === 'shell') argv.push(...command.shell, command.script, command.shell[0] ?? 'sh');
  for (const text of command.type === 'shell' ? command.args : command.argv) {
    const rendered = renderText(context, scope, text);
    if (!rendered.ok) return rendered;
    argv.push(rendered.value);
  }
  return ok(argv);
}

function layersOf(
  context: Context,
  scope: Scope,
  layers: readonly EnvironmentLayer[],
): Result<(readonly [string, string | null])[], string> {
  const entries: (readonly [string, string | null])[] = [];
  for (const layer of layers) {
    if (layer.length === 0) continue;
    // A layer sees those before it, and not itself.
    const before = new Map(entries);
    const layered = { ...scope, environment: { get: (name: string) => (before.has(name) ? before.get(name) : scope.environment.get(name)) } };
    for (const [name, text] of layer) {
      if (text === null) {
        entries.push([name, null]);
        continue;
      }
      const rendered = renderText(context, layered, text);
      if (!rendered.ok) return err(`environment \`${name}\`: ${rendered.error}`);
      entries.push([name, rendered.value]);
    }
  }
  return ok(entries);
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function tokenEntries(tokens: Readonly<Record<string, number>>, ofSteps: Scope['tokens']): (readonly [string, string])[] {
  const entries = Object.entries(ofSteps.size === 0 ? tokens : { ...tokens, ...Object.fromEntries(ofSteps) });
  return entries.map(([name, token]) => [`MPCTL_TOKEN_${variableName(name)}`, String(token)] as const);
}

/** Variables of earlier steps as `$NAME`. */
function variableEntries(scope: Scope): Result<(readonly [string, string])[], string> {
  const entries: (readonly [string, string])[] = [];
  for (const [name, value] of scope.vars) {
    if (value === null) continue;
    const text = asText(value);
    if (utf8Length(`${name}=${text}`) >= maxEntryBytes) {
      return err(`variable \`${name}\` is longer than 128 KiB and cannot be passed on as \`$${name}\``);
    }
    entries.push([name, text]);
  }
  return ok(entries);
}

/** The environment of one attempt of an instance, `extra` being a `run` step's own. */
export function instanceEnvironment(
  context: Context,
  state: InstanceState,
  scope: Scope,
  extra: EnvironmentLayer | null,
): Result<Overlay, string> {
  const plan: InstancePlan = state.plan;
  const layers = layersOf(context, scope, plan.environment);
  if (!layers.ok) return layers;
  const variables = variableEntries(scope);
  if (!variables.ok) return variables;
  const own: (readonly [string, string])[] = [];
  for (const [key, value] of Object.entries(plan.matrix)) own.push([`MATRIX_${variableName(key)}`, value]);
  own.push(
    ...attemptVariables(context.options, plan.name, state.attempt),
    ['MPCTL_REPLICA', String(plan.replica)],
    ['MPCTL_REPLICAS', String(plan.replicas)],
    ...tokenEntries(state.tokens, scope.tokens),
  );
  const outcome = context.run.phase === 'main' || plan.kind !== 'finally' ? null : finallyOutcome(context);
  if (outcome !== null) own.push(['MPCTL_OUTCOME', outcome]);
  return withExtra(context, scope, [...layers.value, ...variables.value], own, extra);
}

/** The environment of one attempt of a task. */
export function taskEnvironment(
  context: Context,
  plan: PoolPlan,
  task: TaskState,
  scope: Scope,
  extra: EnvironmentLayer | null,
): Result<Overlay, string> {
  const layers = layersOf(context, scope, plan.environment);
  if (!layers.ok) return layers;
  const variables = variableEntries(scope);
  if (!variables.ok) return variables;
  const own: (readonly [string, string])[] = [
    ...context.slotVariables.of(plan, task),
    ['MPCTL_ITEM', asText(task.item)],
    ['MPCTL_TASK', String(task.index)],
  ];
  if (plan.tasks.type === 'matrix') own.push(...matrixEntries(task.item));
  own.push(...tokenEntries(task.tokens, scope.tokens));
  return withExtra(context, scope, [...layers.value, ...variables.value], own, extra);
}

/** The environment of the long-lived worker of a slot, which is none of a single task. */
export function workerEnvironment(context: Context, plan: PoolPlan, { slot, number }: WorkerState): Result<Overlay, string> {
  const layers = layersOf(context, emptyScope, plan.environment);
  if (!layers.ok) return layers;
  const own = attemptVariables(context.options, `${plan.name}-${slot}`, number);
  return ok([...layers.value, ...own, ['MPCTL_WORKER', String(slot)]]);
}

/** The environment of a `run` step in that of its process, which it sees whole; what mpctl sets wins. */
function withExtra(
  context: Context,
  scope: Scope,
  given: Overlay,
  own: Overlay,
  extra: EnvironmentLayer | null,
): Result<Overlay, string> {
  if (extra === null) return ok([...given, ...own]);
  const added = layersOf(context, { ...scope, environment: new Map([...given, ...own]) }, [extra]);
  return added.ok ? ok([...given, ...added.value, ...own]) : added;
}

/** What the texts of a pool see that belong to none of its tasks: where they come from, and where their records go. */
export function poolScope(context: Context, plan: PoolPlan): Scope {
  const environment = later(() => {
    const layers = layersOf(context, emptyScope, plan.environment);
    return [...(layers.ok ? layers.value : []), ...runVariables(context.options)];
  });
  return { ...emptyScope, environment };
}

/** An environment that is put together when the first name of it is asked for. */
export function later(make: () => Overlay): EnvironmentView {
  let made: ReadonlyMap<string, string | null> | null = null;
  return {
    get: (name) => {
      made ??= new Map(make());
      return made.get(name);
    },
  };
}

function matrixEntries(item: Json): (readonly [string, string])[] {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return [];
  return Object.entries(item).map(([key, value]) => [`MATRIX_${variableName(key)}`, asText(value)] as const);
}

/** `MPCTL_OUTCOME`: what the run has come to when `finally` begins. */
export function finallyOutcome(context: Context): 'success' | 'failure' | 'timed_out' | 'cancelled' {
  const { cause, firstFailure, signal } = context.run;
  if (signal !== null) return 'cancelled';
  if (cause?.type === 'timeout') return 'timed_out';
  if (cause !== null && (cause.type !== 'shutdown' || cause.code !== 0)) return 'failure';
  return firstFailure === null ? 'success' : 'failure';
}

/** Completes the source of standard input. */
export function inputTarget(context: Context, scope: Scope, plan: StdinPlan): Result<InputTarget, string> {
  switch (plan.type) {
    case 'text': {
      const text = renderText(context, scope, plan.text);
      return text.ok ? ok({ type: 'text', text: text.value }) : text;
    }
    case 'file': {
      const file = renderText(context, scope, plan.file);
      return file.ok ? ok({ type: 'file', file: file.value }) : file;
    }
    case 'queue':
      return ok({ type: 'lines' });
    default:
      return ok(plan);
  }
}

/** Completes the destination of standard output or error. */
export function outputTarget(context: Context, scope: Scope, plan: StdoutPlan): Result<OutputTarget, string> {
  switch (plan.type) {
    case 'file': {
      const file = renderText(context, scope, plan.file);
      return file.ok ? ok({ type: 'file', file: file.value }) : file;
    }
    case 'queue':
      return ok({ type: 'lines' });
    default:
      return ok(plan);
  }
}

/** The three streams of a command. */
interface Streams {
  readonly stdin: InputTarget;
  readonly stdout: OutputTarget;
  readonly stderr: OutputTarget;
}

/** Completes all three streams. */
function streamsOf(context: Context, scope: Scope, plan: WorkPlan): Result<Streams, string> {
  const stdin = inputTarget(context, scope, plan.stdin);
  if (!stdin.ok) return stdin;
  const stdout = outputTarget(context, scope, plan.stdout);
  if (!stdout.ok) return stdout;
  const stderr = outputTarget(context, scope, plan.stderr);
  if (!stderr.ok) return stderr;
  return ok({ stdin: stdin.value, stdout: stdout.value, stderr: stderr.value });
}

/** A command with its surroundings, no text left to complete. */
export interface CompletedCommand extends Streams {
  readonly argv: readonly string[];
  readonly environment: Overlay;
}

/** Completes a command and its streams; the first thing that is not set is the error. */
export function completeCommand(
  context: Context,
  scope: Scope,
  command: CommandPlan,
  environment: Result<Overlay, string>,
  work: WorkPlan,
): Result<CompletedCommand, string> {
  if (!environment.ok) return environment;
  const seen = { ...scope, environment: later(() => environment.value) };
  const argv = argvOf(context, seen, command);
  if (!argv.ok) return argv;
  const streams = streamsOf(context, seen, work);
  if (!streams.ok) return streams;
  return ok({ argv: argv.value, environment: environment.value, ...streams.value });
}
