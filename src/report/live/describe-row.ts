import type { WaitReason } from '../../engine/run-event.ts';
import { describeStop } from '../describe-stop.ts';
import { describeWaits } from '../describe-wait.ts';
import { formatDuration } from '../format-duration.ts';
import { countsOf, describeProgress, progressBar } from '../pool-progress.ts';
import type { InstanceRecord, PoolRecord, Stopping } from '../run-record.ts';

/** What the live view says of one instance or pool at one moment. */
export interface LiveRow {
  readonly name: string;
  readonly text: string;
  /** What kind of life it has: chooses the mark, and what is shown first where room is short. */
  readonly phase: 'failed' | 'active' | 'waiting' | 'over';
}

/**
 * The row of an instance.
 *
 * @param nowMs on the clock of the events
 * @param killAtMs when everything that is left is killed, on the same clock; null for no such time
 */
export function describeInstance(
  record: InstanceRecord,
  nowMs: number,
  killAtMs: number | null,
): LiveRow {
  const { name, state } = record;
  switch (state.type) {
    case 'pending':
      return {
        name,
        text: record.kind === 'finally' ? 'runs when all else has ended' : 'not started',
        phase: 'waiting',
      };
    case 'waiting':
      return describeWaiting(name, state.for);
    case 'running':
    case 'ready':
      return { name, text: `${state.type} ${running(record, nowMs)}`, phase: 'active' };
    case 'stopping':
      return { name, text: stopping(state, nowMs, killAtMs), phase: 'active' };
    case 'restarting': {
      const left = formatDuration(state.dueAtMs - nowMs);
      return { name, text: `retry ${state.attempt} in ${left}: ${state.why}`, phase: 'waiting' };
    }
    default: {
      const phase = state.state === 'failed' ? 'failed' : 'over';
      return {
        name,
        text: describeEnd(state.state, state.durationMs, state.why, state.allowed),
        phase,
      };
    }
  }
}

/**
 * The row of a pool: how far it is, how fast, and how long it will still take at that rate, or how
 * its last tasks are stopped. Times as for `describeInstance`.
 */
export function describePool(
  record: PoolRecord,
  nowMs: number,
  killAtMs: number | null,
): LiveRow {
  const { name, ended } = record;
  const counts = countsOf(record);
  if (ended !== null) {
    const end = describeEnd(ended.state, ended.durationMs, ended.why, ended.allowed);
    return { name, text: `${counts} ${end}`, phase: ended.state === 'failed' ? 'failed' : 'over' };
  }
  if (record.stopping !== null) {
    const how = stopping(record.stopping, nowMs, killAtMs);
    return { name, text: `${counts} done, ${how}`, phase: 'active' };
  }
  if (record.waits.length > 0 && record.running === 0) {
    const before = record.startedAtMs === null ? '' : `${counts} done, `;
    return { name, text: `${before}${describeWaits(record.waits)}`, phase: 'waiting' };
  }
  if (record.startedAtMs === null) return { name, text: 'not started', phase: 'waiting' };
  const bar = progressBar(record);
  return { name, text: `${bar === '' ? '' : `${bar} `}${describeProgress(record, record.pace, nowMs)}`, phase: 'active' };
}

/** A step that sleeps waits for nobody. */
function describeWaiting(name: string, waits: readonly WaitReason[]): LiveRow {
  const isAsleep = waits.length > 0 && waits.every(({ kind }) => kind === 'sleep');
  return isAsleep
    ? { name, text: `sleeping ${waits.map((wait) => wait.name).join(', ')}`, phase: 'active' }
    : { name, text: describeWaits(waits), phase: 'waiting' };
}

function stopping(state: Stopping, nowMs: number, killAtMs: number | null): string {
  const killLeftMs = killAtMs === null ? Number.POSITIVE_INFINITY : killAtMs - nowMs;
  const leftMs = Math.min(state.untilMs - nowMs, killLeftMs);
  return `stopping with ${describeStop(killLeftMs <= 0 ? 'SIGKILL' : state.signal, leftMs)}`;
}

function running(record: InstanceRecord, nowMs: number): string {
  const time = formatDuration(nowMs - (record.startedAtMs ?? nowMs));
  return record.attempts > 1 ? `${time}, attempt ${record.attempts}` : time;
}

function describeEnd(
  state: string,
  durationMs: number | null,
  why: string,
  allowed: boolean,
): string {
  const after = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`;
  const words = `${state}${allowed ? ' (allowed)' : ''}${after}`;
  return state === 'succeeded' || why === '' ? words : `${words}: ${why}`;
}
