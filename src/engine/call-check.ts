/* Whether a call may be made at all: by the spec, by whoever makes it, now. */
import type { ThingKind } from '../protocol/call.ts';
import type { CallError } from '../protocol/error-kind.ts';
import type { Operation } from '../sync/operation.ts';
import type { EngineCall } from './caller.ts';
import type { ActorIndex, UsesVerb } from './can-act.ts';
import type { Context } from './context.ts';
import { poolOfSlot } from './task-slots.ts';
import { unitsNamed } from './unit-list.ts';
import { isHold, wrongKind } from './wrong-kind.ts';

/** A person at another terminal, who is no instance of the run. */
export const operator = '@operator';

/** Why the call is refused; null where it is not. */
export function wrongCall(context: Context, index: ActorIndex, instance: string, call: EngineCall): CallError | null {
  const who = instance === operator ? null : unitOf(context, instance);
  if (who === undefined) return { kind: 'ended', message: `\`${instance}\` has ended` };
  const missing = missingName(context, call);
  if (missing !== null) return missing;
  if (who === null) return operatorMay(call) ? null : { kind: 'not_declared', message: 'only what runs in the spec may do that' };
  for (const asked of actionsOf(context, call)) {
    if (!index.declares(who, asked.action, asked.name)) return notDeclared(who, asked, index.usesOf(who, asked.name));
  }
  const unordered = unorderedQueue(context, call);
  if (unordered !== null) return { kind: 'refused', message: `\`${unordered}\` looks at no priority: give it \`order: priority\` in the spec, or leave out \`priority\`` };
  const closed = closedName(call);
  if (closed !== null && context.closedBy(instance).has(closed)) {
    return { kind: 'closed', message: `\`${instance}\` has closed \`${closed}\` before` };
  }
  return null;
}

/** The instance or pool that a caller is of, while its program may run. */
function unitOf(context: Context, instance: string): string | undefined {
  const state = context.instances.get(instance);
  if (state !== undefined) return state.phase === 'running' || state.phase === 'starting' ? instance : undefined;
  const pool = poolOfSlot(context, instance);
  return pool?.phase === 'running' ? pool.name : undefined;
}

/** The queue that an item is put into with a priority that would count for nothing there. */
function unorderedQueue(context: Context, call: EngineCall): string | null {
  const put = call.type === 'operation' ? call.operation : call;
  if (!('priority' in put) || put.priority === 0) return null;
  const queue = context.primitive(put.name);
  return queue?.kind === 'queue' && queue.order !== 'priority' ? put.name : null;
}

function operatorMay(call: EngineCall): boolean {
  return ['look_at_run', 'list_processes', 'start', 'stop', 'restart', 'signal', 'join', 'await', 'shutdown'].includes(call.type);
}

function missingName(context: Context, call: EngineCall): CallError | null {
  const names = namesOf(context, call);
  for (const [kind, name] of names) {
    if (hasThing(context, kind, name, names.length > 1)) continue;
    const found = kindOf(context, name);
    if (found === 'pool' && call.type === 'restart') return notRestarted(name);
    return wrongKind(kind, name, found, namesOfKind(context, kind));
  }
  return null;
}

function notRestarted(pool: string): CallError {
  return { kind: 'not_found', message: `\`${pool}\` is a pool, which has no attempt to begin anew: \`mpctl stop ${pool}\`, and \`mpctl start ${pool}\` when it has ended` };
}

function* namesOfKind(context: Context, kind: ThingKind): Iterable<string> {
  if (kind === 'pool') yield* context.pools.keys();
  else if (kind === 'process') yield* [...context.instances.values()].flatMap(({ name, plan }) => [name, plan.process]);
  else yield* context.plan.primitives.flatMap((primitive) => (primitive.kind === kind ? [primitive.name] : []));
}

/** What is called so, whatever was asked for; null where nothing is. */
function kindOf(context: Context, name: string): string | null {
  if (context.pools.has(name)) return 'pool';
  if (unitsNamed(context, name).length > 0) return 'process';
  return context.primitive(name)?.kind ?? null;
}

/** Whether there is something of that kind, or, `amongOthers`, something that is taken together with it. */
function hasThing(context: Context, kind: ThingKind, name: string, amongOthers: boolean): boolean {
  if (kind === 'pool') return context.pools.has(name);
  if (kind === 'process') return unitsNamed(context, name).some((unit) => unit.type === 'instance');
  const found = context.primitive(name)?.kind;
  // A lock and a semaphore may be taken in one step.
  return found === kind || (amongOthers && found !== undefined && isHold(found) && isHold(kind));
}

function namesOf(context: Context, call: EngineCall): readonly (readonly [ThingKind, string])[] {
  switch (call.type) {
    case 'operation': {
      const { operation, kind } = call;
      return operation.verb === 'acquire' || operation.verb === 'release' ? operation.demands.map(({ name }) => [kind, name] as const) : [[kind, operation.name]];
    }
    case 'put_all':
    case 'get_some':
      return [['queue', call.name]];
    case 'close':
    case 'stop':
    case 'join':
      return [[call.kind, call.name]];
    case 'submit':
    case 'result':
      return [['pool', call.pool]];
    case 'restart':
    case 'signal':
      return [['process', call.name]];
    // A pool comes to the same moments, and `autostart: false` is for both.
    case 'start':
    case 'await':
      return [[context.pools.has(call.name) ? 'pool' : 'process', call.name]];
    case 'look_at_run':
    case 'list_processes':
    case 'ready':
    case 'shutdown':
      return [];
  }
}

interface Action {
  readonly action: UsesVerb;
  readonly name: string;
}

/** What the spec has to say that the caller does. */
function actionsOf(context: Context, call: EngineCall): readonly Action[] {
  switch (call.type) {
    case 'operation':
      return operationActions(call.operation);
    case 'put_all':
      return [{ action: 'put', name: call.name }];
    case 'get_some':
      return [{ action: 'get', name: call.name }];
    case 'close':
      return [{ action: call.kind === 'queue' ? 'put' : 'submit', name: call.name }];
    case 'submit':
      return [{ action: 'submit', name: call.pool }];
    case 'start':
    case 'stop':
    case 'restart':
    case 'signal':
      return unitsNamed(context, call.name).map(({ name }) => ({ action: 'start', name }));
    default:
      return [];
  }
}

function operationActions(operation: Operation): readonly Action[] {
  switch (operation.verb) {
    case 'set':
    case 'clear':
      return [{ action: 'set', name: operation.name }];
    case 'wait_barrier':
    case 'abort_barrier':
    case 'reset_barrier':
      return [{ action: 'wait', name: operation.name }];
    case 'notify':
      return [{ action: 'notify', name: operation.name }];
    case 'task_done':
      return [{ action: 'task_done', name: operation.name }];
    default:
      return [];
  }
}

/** What may have been closed that the call puts or submits to. */
function closedName(call: EngineCall): string | null {
  if (call.type === 'put_all') return call.name;
  return call.type === 'submit' ? call.pool : null;
}

/** @param declared what may be done already: a second key of the same name would be refused */
function notDeclared(who: string, { action, name }: Action, declared: readonly UsesVerb[]): CallError {
  const mend = declared.length === 0 ? `add \`uses: {${name}: ${action}}\` to it` : `make it \`uses: {${name}: [${[...declared, action].join(', ')}]}\``;
  return { kind: 'not_declared', message: `the spec does not say that \`${who}\` may \`${action}\` \`${name}\`: ${mend}` };
}
