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
import { type JoinedWait, joinedWaits } from './joined-waits.ts';
import type { PendingCall } from './pending-call.ts';
import type { ProcessState } from './process-state.ts';
import type { SeenProcess, SeenProgram, SeenWaiter, ThreadWait } from './seen-program.ts';
import type { Unit } from './unit-state.ts';
import { waitTimeMs } from './wait-time.ts';

/** What mpctl asks for a standard stream of a command: the next item for its input, room for its output. */
export interface StreamWait {
  readonly stream: 'input' | 'output';
  readonly call: null;
  readonly requestId: number;
}

/** What a program may wait in. */
export type ProgramWait = PendingCall | StreamWait | JoinedWait;

/** What a command waits in with all that it is; empty for one that may do something else. */
export type BlockedIn = (key: ProcessKey) => readonly ProgramWait[];

/** What is held of commands. */
export interface HeldOfPrograms {
  readonly blockedIn: BlockedIn;
  /** Nobody has looked: of several streams that a command may wait at it may be any. */
  readonly isGuess: boolean;
}

/** All that a running command may wait in; nothing where time or mpctl itself will wake it. */
export function standingWaits(context: Context, key: ProcessKey): readonly ProgramWait[] {
  const process = context.processes.get(key);
  if (process === undefined || process.pid === null || process.exit !== null || process.stopping !== null) return [];
  const calls = context.calls.of(process.instance);
  if (calls.some(({ call }) => hasLimit(context, call))) return [];
  return [...calls, ...streamWaitsOf(context, process)];
}

/** All that a command may wait for at its standard streams. */
export function streamWaitsOf(context: Context, { inputGet, linePut, outputPaused, purpose, instance }: ProcessState): readonly (StreamWait | JoinedWait)[] {
  const waits: (StreamWait | JoinedWait)[] = [];
  // As long as mpctl reads on, nothing blocks in writing.
  if (linePut !== null && outputPaused) waits.push({ stream: 'output', call: null, requestId: linePut });
  if (inputGet !== null) waits.push({ stream: 'input', call: null, requestId: inputGet });
  if (purpose.type === 'main') waits.push(...joinedWaits(context.plan, instance));
  return waits;
}

/** The calls that a running command waits in, as `standingWaits`. */
export function standingCalls(context: Context, key: ProcessKey): readonly PendingCall[] {
  return standingWaits(context, key).filter((wait) => !isStream(wait));
}

/**
 * What a command waits in that has not been looked at, so that no deadlock is overlooked that it may be in: of a
 * stream that will go on it is not known that it waits for that one. Its calls where there are any, since
 * whoever waits in one need not read; then its output, since what is written is read on once there is room; and then
 * any of the pipes that join it to others.
 */
export function likelyWaits(context: Context, key: ProcessKey): readonly ProgramWait[] {
  const waits = standingWaits(context, key);
  const calls = standingCalls(context, key);
  if (calls.length > 0) return calls;
  const known = waits.find((wait) => !isJoined(wait));
  const joined = waits.filter(isJoined).filter(({ pipe, other, goesRound }) => goesRound || mayStop(context, other, new Set([pipe])));
  return known === undefined ? joined : [known, ...joined];
}

/**
 * Whether an instance may stop reading and writing the pipes that join it to others by anything but what those do: of a chain of
 * commands that pass on what comes one always can go on, and so it is looked at none of them as long as there is nothing else.
 */
function mayStop(context: Context, instance: string, seen: Set<string>): boolean {
  const { process } = context.instance(instance);
  if (process === null) return true;
  return standingWaits(context, process).some((wait) => {
    if (!isJoined(wait)) return true;
    if (seen.has(wait.pipe)) return false;
    seen.add(wait.pipe);
    return wait.goesRound || mayStop(context, wait.other, seen);
  });
}

function isJoined(wait: ProgramWait): wait is JoinedWait {
  return wait.call === null && wait.requestId === null;
}

function isStream(wait: ProgramWait): wait is StreamWait | JoinedWait {
  return wait.call === null;
}

/** Its own, or that of the barrier that it waits at; at a condition it needs the lock as well to go on. */
function hasLimit(context: Context, call: Call): boolean {
  if (call.type === 'operation' && call.operation.verb === 'wait_condition') return false;
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

/** What all of a program waits in, out of what it may wait in; empty where it does anything else. */
export function waitsAsAWhole({ processes, waiters, ...connected }: SeenProgram, standing: readonly ProgramWait[]): readonly ProgramWait[] {
  const ours = new Set(processes.map(({ pid }) => pid));
  const calls = standing.filter((wait) => !isStream(wait));
  const waiting = waiters.filter(({ call, pid }) => ours.has(pid) && calls.some(({ id }) => id === call));
  // What asks in its name and is not among its processes, as from within a container, cannot be seen.
  if (!connected.clients.every((pid) => ours.has(pid)) || !calls.every(({ id }) => waiting.some(({ call }) => call === id))) return [];
  const threads = new Set(processes.flatMap((process) => process.threads ?? []));
  const streams = standing.filter((wait) => isStream(wait)).filter(({ stream }) => threads.has(stream));
  // Of a stream that is waited for, and mpctl is not at, it is only not known yet how it goes on.
  const isAtOthers = (['input', 'output', 'joined_input', 'joined_output'] as const).some((one) => threads.has(one) && !streams.some(({ stream }) => stream === one));
  return !isAtOthers && processes.every((process) => isWaiting(process, waiting, connected)) ? [...calls, ...streams] : [];
}

/** Whether all event loops of a program have said that they hear nothing that the system does not show. */
export function haveSaidSo({ loops }: SeenProgram): boolean {
  return loops.every(({ isSaid }) => isSaid);
}

function isWaiting({ pid, threads }: SeenProcess, all: readonly SeenWaiter[], { clients, loops, listeners }: Pick<SeenProgram, 'clients' | 'loops' | 'listeners'>): boolean {
  if (loops.some((loop) => loop.pid === pid)) {
    // A loop hears all connections of its process; one socket more is something else that may wake it.
    return threads !== null && !threads.includes('other') && answersIn(threads) === clients.filter((client) => client === pid).length;
  }
  const waiters = all.filter((waiter) => waiter.pid === pid);
  if (waiters.some((waiter) => waiter.threads === null)) return true;
  const waiting = new Set(waiters.map(({ thread }) => thread)).size + listeners.filter((listener) => listener === pid).length;
  if (threads !== null) return !threads.includes('other') && answersIn(threads) === waiting;
  // The last to ask knew how many there are: those before it were waiting already and could start none.
  const [last] = waiters.toSorted((one, other) => other.call - one.call);
  return last?.threads === waiting;
}

function answersIn(threads: readonly ThreadWait[]): number {
  return threads.filter((thread) => thread === 'answer').length;
}
