/*
 * Whether a running program can still do anything. It asks through the door, so mpctl knows what it
 * waits for, but not what else it is at: a thread that computes may release what another one holds. So
 * it counts as blocked only while each of its processes waits in mpctl with all its threads, or for one
 * that does.
 */
import { walkSteps } from '../plan/walk-steps.ts';
import type { Call } from '../protocol/call.ts';
import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import type { PendingCall } from './pending-call.ts';
import type { SeenProcess, SeenProgram, SeenWaiter } from './seen-program.ts';
import type { Unit } from './unit-state.ts';
import { waitTimeMs } from './wait-time.ts';

/** The calls that a command waits in with all that it is; empty for one that may do something else. */
export type BlockedIn = (key: ProcessKey) => readonly PendingCall[];

/** The calls that a running command waits in; none where time or mpctl itself will wake it, or it waits in none. */
export function standingCalls(context: Context, key: ProcessKey): readonly PendingCall[] {
  const process = context.processes.get(key);
  if (process === undefined || process.pid === null || process.exit !== null || process.stopping !== null) return [];
  const calls = context.calls.of(process.instance);
  return calls.some(({ call }) => hasLimit(context, call)) ? [] : calls;
}

/** Its own, or that of the barrier that it waits at. */
function hasLimit(context: Context, call: Call): boolean {
  if ('timeoutMs' in call && call.timeoutMs !== null) return true;
  if (call.type !== 'operation' || call.operation.verb !== 'wait_barrier') return false;
  return waitTimeMs(context, { name: call.operation.name, kind: 'barrier', timeoutMs: null }) !== null;
}

/** The commands that an instance or the tasks of a pool are running. */
export function commandsOf(context: Context, unit: Unit): readonly ProcessKey[] {
  const owners = unit.type === 'pool' ? [...unit.tasks.values()] : [unit];
  return owners.flatMap(({ process, machine }) => {
    const blocked = machine === null ? undefined : context.machines.get(machine)?.blocked;
    const key = blocked?.type === 'process' ? blocked.key : process;
    return key === null ? [] : [key];
  });
}

/**
 * Whether the program of an instance or pool may return a permit that it does not hold, which anybody
 * may and nobody has to declare. A daemon that has never asked the run anything is not taken for one
 * that does so: most of them do not know of the run.
 */
export function mayReturnPermits(context: Context, { plan, name }: Unit): boolean {
  const runs = plan.body.type !== 'steps' || [...walkSteps(plan.body.steps)].some(({ verb }) => verb === 'run');
  return runs && (!('kind' in plan) || plan.kind !== 'daemon' || context.calls.haveComeFrom(name));
}

/** Whether all of a program waits, and for nothing but these calls. */
export function waitsAsAWhole({ processes, waiters, clients, listeners }: SeenProgram, calls: readonly PendingCall[]): boolean {
  const ours = new Set(processes.map(({ pid }) => pid));
  const waiting = waiters.filter(({ call, pid }) => ours.has(pid) && calls.some(({ id }) => id === call));
  // What asks in its name and is not among its processes, as from within a container, cannot be seen.
  if (!clients.every((pid) => ours.has(pid)) || !calls.every(({ id }) => waiting.some(({ call }) => call === id))) return false;
  return (
    waiting.length > 0 &&
    processes.every((process) => isWaiting(process, waiting, { clients, listeners }))
  );
}

/** Whether all who wait with an event loop have said that it hears nothing else that could wake it. */
export function haveSaidSo({ waiters }: SeenProgram): boolean {
  return waiters.every(({ threads }) => threads !== 'unsaid');
}

function isWaiting({ pid, threads }: SeenProcess, all: readonly SeenWaiter[], { clients, listeners }: Pick<SeenProgram, 'clients' | 'listeners'>): boolean {
  const waiters = all.filter((waiter) => waiter.pid === pid);
  if (waiters.some((waiter) => waiter.threads === null)) return true;
  // A loop hears all of its connections, and nothing that is none of them.
  const isLoop = waiters.some((waiter) => waiter.threads === 'loop' || waiter.threads === 'unsaid');
  const askers = isLoop ? clients.filter((client) => client === pid).length : new Set(waiters.map(({ thread }) => thread)).size;
  const waiting = askers + (isLoop ? 0 : listeners.filter((listener) => listener === pid).length);
  if (threads !== null) return !threads.includes('other') && threads.filter((thread) => thread === 'answer').length === waiting;
  if (isLoop) return false;
  // The last to ask knew how many there are: those before it were waiting already and could start none.
  const [last] = waiters.toSorted((one, other) => other.call - one.call);
  return last?.threads === waiting;
}
