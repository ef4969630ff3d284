import { bareLine } from './bare-text.ts';
import { formatDuration } from './format-duration.ts';
import type { InstanceRecord, PoolRecord, RunRecord } from './run-record.ts';

/** How a row is to be looked at. */
export type Tone = 'bad' | 'spared' | 'missed' | 'good';

/** One row of the closing table, as text without colours. */
export interface SummaryRow {
  readonly name: string;
  readonly state: string;
  readonly exit: string;
  readonly duration: string;
  readonly attempts: string;
  readonly why: string;
  readonly tone: Tone;
}

/** What the closing table shows. */
export interface Summary {
  readonly rows: readonly SummaryRow[];
  /** Many of one process with one end, as one sentence each. */
  readonly folded: readonly FoldedRows[];
}

/** Rows that were joined. */
export interface FoldedRows {
  readonly sentence: string;
  readonly tone: Tone;
}

/** So many instances of one process with one end still get a row each. */
const rowsPerProcess = 40;

const toneOrder: readonly Tone[] = ['bad', 'spared', 'missed', 'good'];

/**
 * The rows of a run: failures first, then spared ones, then what never ran, then the rest in order.
 */
export function summarize(record: RunRecord): Summary {
  const folded: FoldedRows[] = [];
  const rows: SummaryRow[] = [];
  for (const group of groupByEnd([...record.instances.values()])) {
    if (group.tone === 'bad' || group.members.length <= rowsPerProcess) {
      rows.push(...group.members.map(instanceRow));
    } else {
      folded.push({ sentence: foldedSentence(group, record), tone: group.tone });
    }
  }
  rows.push(...[...record.pools.values()].map(poolRow));
  const order = new Map(
    [...record.instances.keys(), ...record.pools.keys()].map((name, index) => [name, index]),
  );
  rows.sort(
    (a, b) =>
      toneOrder.indexOf(a.tone) - toneOrder.indexOf(b.tone) ||
      (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0),
  );
  return { rows, folded };
}

interface EndGroup {
  readonly process: string;
  readonly state: string;
  readonly why: string;
  readonly tone: Tone;
  readonly members: InstanceRecord[];
}

function groupByEnd(instances: readonly InstanceRecord[]): readonly EndGroup[] {
  const groups = new Map<string, EndGroup>();
  for (const instance of instances) {
    const row = instanceRow(instance);
    const key = JSON.stringify([instance.process, row.state, row.why]);
    const group = groups.get(key);
    if (group === undefined) {
      const { state, why, tone } = row;
      groups.set(key, { process: instance.process, state, why, tone, members: [instance] });
    } else {
      group.members.push(instance);
    }
  }
  return [...groups.values()];
}

function foldedSentence(group: EndGroup, record: RunRecord): string {
  const { members } = group;
  let all = 0;
  for (const instance of record.instances.values())
    if (instance.process === group.process) all += 1;
  const why = group.why === '' ? '' : `, ${group.why}`;
  if (members.length < all)
    return `${group.process}: ${members.length} of ${all} ${group.state}${why}`;
  return `${members[0]?.name} … ${members.at(-1)?.name}: ${members.length} ${group.state}${why}`;
}

function instanceRow(instance: InstanceRecord): SummaryRow {
  const { name, state, attempts } = instance;
  const base = { name, attempts: attempts === 0 ? '-' : String(attempts) };
  if (state.type !== 'ended') {
    const never = instance.startedAtMs === null;
    return {
      ...base,
      state: never ? 'not started' : 'unknown',
      exit: '-',
      duration: '-',
      why: '',
      tone: 'missed',
    };
  }
  return {
    ...base,
    state: state.allowed ? `${state.state} (allowed)` : state.state,
    exit: state.exitcode === null ? '-' : String(state.exitcode),
    duration: state.durationMs === null ? '-' : formatDuration(state.durationMs),
    why: state.state === 'succeeded' ? '' : bareLine(state.why),
    tone: toneOf(state.state, state.allowed),
  };
}

function poolRow(pool: PoolRecord): SummaryRow {
  const { name, ended } = pool;
  const counts = [
    ...(pool.skipped > 0 ? [`${pool.skipped} skipped (succeeded before)`] : []),
    ...(pool.leftOut > 0 ? [`${pool.leftOut} left out`] : []),
    ...[...pool.fates].map(([fate, count]) => `${count} ${fate.replace('_', ' ')}`),
  ].join(', ');
  const tasks = counts === '' ? 'no tasks' : `tasks: ${counts}`;
  const base = { name, exit: '-', attempts: '-' };
  if (ended === null) {
    const never = pool.startedAtMs === null;
    return {
      ...base,
      state: never ? 'not started' : 'unknown',
      duration: '-',
      why: never ? '' : tasks,
      tone: 'missed',
    };
  }
  return {
    ...base,
    state: ended.allowed ? `${ended.state} (allowed)` : ended.state,
    duration: ended.durationMs === null ? '-' : formatDuration(ended.durationMs),
    why:
      ended.state === 'succeeded' || ended.why === '' ? tasks : `${tasks}; ${bareLine(ended.why)}`,
    tone: toneOf(ended.state, ended.allowed),
  };
}

function toneOf(state: string, allowed: boolean): Tone {
  if (state === 'failed') return allowed ? 'spared' : 'bad';
  return state === 'skipped' ? 'missed' : 'good';
}
