/*
 * What a program asks through the door: each call is checked against the spec, handed to the broker or
 * to the parts of the run, and answered exactly once.
 */
import { invariant, unreachable } from '../base/invariant.ts';
import { err, ok } from '../base/result.ts';
import type { TimeoutMs } from '../protocol/call.ts';
import type { Operation, Outcome } from '../sync/operation.ts';
import type { RunDeed } from '../sync/run-deed.ts';
import { operator, wrongCall } from './call-check.ts';
import type { Caller, EngineCall } from './caller.ts';
import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import { answer, cancelCall, endCall, refusal } from './end-call.ts';
import { lockOf } from './step-execute.ts';
import { answerTo, answerToMissed, countOf, isPrimitiveCall, noteHolds, operationOf, type PrimitiveCall } from './primitive-call.ts';
import { addTask, poolTakesTasks } from './pool-tasks.ts';
import { programIsReady } from './probes.ts';
import type { PendingCall } from './pending-call.ts';
import type { CallPurpose } from './request-purpose.ts';
import type { CallEvent } from './engine-event.ts';
import { runState } from './run-view.ts';
import { restartable, whyNotStarted } from './startable.ts';
import { commandOf } from './stop-view.ts';
import { processList, unitsNamed } from './unit-list.ts';
import { tooLate } from './watch-calls.ts';

/** A call has come in. */
export function beginCall(context: Context, index: ActorIndex, { id, caller, call, progress }: CallEvent): void {
  const wrong = wrongCall(context, index, caller.instance, call);
  if (wrong !== null) {
    answer(context, id, err(wrong));
    return;
  }
  const pending: PendingCall = { id, caller, call, requestId: null, timer: null, progress, isCalledOff: false };
  context.calls.add(pending);
  if (!waitsForTurn(context, pending)) perform(context, index, pending);
  // It is given what is there now.
  if (context.calls.isLeaving(caller.instance)) cancelCall(context, id);
}

/** What a program does to others has a turn where that of steps has. */
function waitsForTurn(context: Context, pending: PendingCall): boolean {
  const { call, caller } = pending;
  const deed = caller.instance === operator ? null : deedOf(context, call);
  if (deed === null) return false;
  pending.requestId = context.requestTurn(caller.instance, deed, null, { type: 'call_turn', call: pending.id });
  return pending.requestId !== null;
}

function deedOf(context: Context, call: PendingCall['call']): RunDeed | null {
  switch (call.type) {
    case 'start':
      return { verb: 'start', names: unitsNamed(context, call.name).map(({ name }) => name) };
    case 'stop':
      return { verb: call.kill ? 'kill' : 'terminate', names: unitsNamed(context, call.name).map(({ name }) => name) };
    case 'submit':
      return { verb: 'submit', names: [call.pool] };
    default:
      return null;
  }
}

/** The turn of a call has come, or it was called off before. */
export function callTurnCame(context: Context, index: ActorIndex, id: number, outcome: Outcome): void {
  const pending = context.calls.get(id);
  if (pending === undefined) return;
  pending.requestId = null;
  if (outcome.status === 'granted') perform(context, index, pending);
  else endCall(context, pending, refusal('cancelled', 'the call was called off'));
}

/** The time of a call that the engine itself times is over. */
export function callTimedOut(context: Context, id: number): void {
  const pending = context.calls.get(id);
  if (pending === undefined) return;
  const { call } = pending;
  invariant(call.type === 'await' || call.type === 'join' || call.type === 'result', 'the broker keeps the time of all others');
  endCall(context, pending, err(tooLate(call)));
}

/** The broker's answer to what a call asked last. */
export function callSettled(context: Context, id: number, purpose: CallPurpose, outcome: Outcome): void {
  const { operation } = purpose;
  const pending = context.calls.get(id);
  if (pending === undefined) {
    giveBack(context, purpose, outcome);
    return;
  }
  pending.requestId = null;
  const { call, caller } = pending;
  noteHolds(context, caller, operation, outcome);
  invariant(isPrimitiveCall(call), 'only these ask the broker');
  if (outcome.status !== 'granted') {
    endCall(context, pending, answerToMissed(call, operation, outcome, pending.progress));
    return;
  }
  const answered = answerTo(call, operation, outcome, pending.progress);
  pending.progress += countOf(outcome.value);
  if (answered !== null) endCall(context, pending, answered);
  else if (pending.isCalledOff) endCall(context, pending, answerToMissed(call, operation, { status: 'cancelled' }, pending.progress));
  else askBroker(context, pending, call);
}

/** What was granted while its call was being called off goes back at once: nobody knows that it has it. */
function giveBack(context: Context, { caller, operation }: CallPurpose, outcome: Outcome): void {
  if (outcome.status !== 'granted' || operation.verb !== 'acquire') return;
  const release: Operation = { verb: 'release', demands: operation.demands };
  context.tell(caller.instance, release, caller.holder);
}

function perform(context: Context, index: ActorIndex, pending: PendingCall): void {
  const { call, caller } = pending;
  switch (call.type) {
    case 'operation':
    case 'put_all':
    case 'get_some':
      askBroker(context, pending, call);
      return;
    case 'close':
      context.closedBy(caller.instance).add(call.name);
      context.changedActors.add(caller.instance);
      endCall(context, pending, ok(null));
      return;
    case 'submit': {
      const pool = context.pool(call.pool);
      if (!poolTakesTasks(pool)) {
        endCall(context, pending, refusal('refused', `the pool \`${call.pool}\` has ended`));
        return;
      }
      const tasks = call.items.map((item) => addTask(pool, item, { remembered: true }));
      context.post({ type: 'fill_pool', pool: call.pool });
      endCall(context, pending, ok({ tasks }));
      return;
    }
    case 'result':
    case 'join':
    case 'await':
      watch(context, pending, call.timeoutMs);
      return;
    case 'list_processes':
      endCall(context, pending, ok(processList(context)));
      return;
    case 'look_at_run':
      endCall(context, pending, ok(runState(context, index, call.name)));
      return;
    case 'restart':
      restart(context, pending, call.name);
      return;
    case 'signal':
      signal(context, pending, call);
      return;
    case 'start':
      start(context, pending, call.name);
      return;
    case 'stop': {
      // What a program calls `terminate` is `stop` at another terminal.
      const gentle = caller.instance === operator ? 'stop' : 'terminate';
      const why = `${askerName(caller)} asked for it (\`${call.kill ? 'kill' : gentle}\`)`;
      context.postFirst(...unitsNamed(context, call.name).map((unit) => ({ type: 'stop_unit', unit: unit.name, why, kill: call.kill }) as const));
      endCall(context, pending, ok(null));
      return;
    }
    case 'ready': {
      // A task of a pool has as little to be ready for as a process without such a probe.
      const instance = context.instances.get(caller.instance);
      if (instance !== undefined) programIsReady(context, instance);
      endCall(context, pending, ok(null));
      return;
    }
    case 'shutdown':
      endCall(context, pending, ok(null));
      context.post({ type: 'shutdown', code: call.code, why: `${askerName(caller)} asked to end the run with ${call.code}` });
      return;
    default:
      unreachable(call);
  }
}

function askBroker(context: Context, pending: PendingCall, call: PrimitiveCall): void {
  const { id, caller, progress } = pending;
  const operation = operationOf(context, caller, call, progress);
  if (operation.verb === 'put_some' && operation.items.length === 0) {
    endCall(context, pending, ok({ put: progress }));
    return;
  }
  // One deadline for all items.
  pending.deadlineMs ??= call.timeoutMs === null ? null : context.nowMs + call.timeoutMs;
  if (operation.verb === 'wait_condition') context.holdings.released(caller.instance, lockOf(context, operation.name));
  const purpose: CallPurpose = { type: 'call', call: id, caller, operation };
  pending.requestId = context.request(caller.instance, operation, pending.deadlineMs, purpose, caller.holder);
}

function watch(context: Context, pending: PendingCall, timeoutMs: TimeoutMs): void {
  context.calls.watch(pending);
  context.waitsChanged = true;
  if (timeoutMs === null) return;
  // Even without time to wait, what is there already is answered first.
  pending.timer = context.timers.arm(context.nowMs + timeoutMs, { type: 'call_timeout', call: pending.id });
}

/** Sends a signal to the running commands of what is named, and nothing else becomes of it. */
function signal(context: Context, pending: PendingCall, { name, signal: sent }: Extract<EngineCall, { type: 'signal' }>): void {
  const running = unitsNamed(context, name).flatMap((unit) => (unit.type === 'instance' ? [commandOf(context, unit)] : []));
  const keys = running.filter((key) => key !== null);
  for (const key of keys) context.effect({ type: 'signal', key, signal: sent });
  endCall(context, pending, keys.length > 0 ? ok(null) : refusal('refused', `no command of \`${name}\` is running`));
}

function askerName({ instance }: Caller): string {
  return instance === operator ? 'a user' : `\`${instance}\``;
}

function start(context: Context, pending: PendingCall, name: string): void {
  const units = unitsNamed(context, name);
  const whyNot = whyNotStarted(context, units, pending.caller.instance);
  if (whyNot === null) context.startUnits(units.map((unit) => unit.name));
  endCall(context, pending, whyNot === null ? ok(null) : err(whyNot));
}

/** Of several instances, those are restarted that can be. */
function restart(context: Context, pending: PendingCall, name: string): void {
  const able = restartable(context, unitsNamed(context, name), pending.caller.instance);
  if (!able.ok) {
    endCall(context, pending, able);
    return;
  }
  const why = `${askerName(pending.caller)} asked for it (\`restart\`)`;
  for (const unit of able.value) context.post({ type: 'restart_unit', unit: unit.name, why });
  endCall(context, pending, ok(null));
}
