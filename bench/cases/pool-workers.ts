import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../src/base/json-type.ts';
import { parseJson } from '../../src/base/parse-json.ts';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { rateOfCommand } from '../rate-of-command.ts';
import { timeCommand } from '../time-command.ts';

const count = 100_000;
const least = 2;
/** Where each worker has one task at a time, and is woken for the next. */
const leastWithoutReserve = 1.3;
/** A task that takes a while among a thousand that take long enough for none to be handed over ahead. */
const manyTasks = 1000;
const shortMs = 8;
const slowMs = 8000;
const slowPlace = 100;

/** Tasks for the long-lived workers of a pool, beside `multiprocessing.Pool`: they keep all cores busy, so that nothing else has to. */
export const benchmark: Benchmark = { name: 'pool-workers', measure };

/** When a task was begun and when it had its fate, in seconds since the run began. */
interface Span {
  readonly task: number;
  readonly started: number;
  readonly duration: number;
}

async function measure(bench: Bench): Promise<readonly Row[]> {
  const { rounds, folder, root } = bench;
  const { medianOf, ratioOf } = await alternate(rounds, {
    ours: async () => rateOf(await run(bench, 'serve_trivial.py', { range: [1, count] })),
    // An item of a queue is there for whoever takes it first, so that no worker is given one ahead.
    withoutReserve: async () => rateOf(await run(bench, 'serve_trivial.py', { queue: 'work' }, { queues: { work: {} }, processes: { fill: { command: ['seq', String(count)], stdout: { queue: 'work' } } } })),
    pool: () => rateOfCommand({ command: 'python3', args: [join(root, 'bench/peers/mp_pool.py'), String(count)], folder }),
    behind: async () => {
      const tasks = Array.from({ length: manyTasks }, (_, task) => (task === slowPlace ? slowMs : shortMs));
      const spans = await run(bench, 'serve_tasks.py', tasks);
      const slow = spans.find(({ task }) => task === slowPlace);
      return slow === undefined ? Number.NaN : ends(spans).filter((end) => end > slow.started + slow.duration).length;
    },
  });
  const behind = medianOf('behind');
  const besidePool = (name: string, ours: 'ours' | 'withoutReserve', leastRatio: number): Row => {
    const ratio = ratioOf(ours, 'pool');
    return { name, ours: `${medianOf(ours).toFixed(0)}/s`, peer: `imap_unordered: ${medianOf('pool').toFixed(0)}/s`, ratio, goal: `≥ ${leastRatio.toFixed(1)}×`, met: ratio >= leastRatio };
  };
  return [
    besidePool(`${String(count)} tasks to 4 Python workers, some in reserve`, 'ours', least),
    besidePool('the same from a queue, none in reserve', 'withoutReserve', leastWithoutReserve),
    {
      name: `one task of ${String(slowMs / 1000)} s among ${String(manyTasks)}`,
      ours: `${behind.toFixed(0)} wait behind it`,
      peer: null,
      ratio: null,
      goal: 'none',
      met: behind === 0,
    },
  ];
}

async function run({ folder, root, mpctl }: Bench, worker: string, tasks: unknown, beside: Readonly<Record<string, unknown>> = {}): Promise<readonly Span[]> {
  const spec = join(folder, `${worker}.yaml`);
  const results = join(folder, `${worker}.jsonl`);
  const pool = { workers: 4, worker: ['python3', join(root, 'bench/workers', worker)], order: 'completion', tasks, results: { file: results } };
  writeFileSync(spec, JSON.stringify({ ...beside, pools: { pool } }));
  await timeCommand({ command: process.execPath, args: [mpctl, 'run', '--output', 'quiet', spec], folder });
  return readFileSync(results, 'utf8').trimEnd().split('\n').map(spanOf);
}

function spanOf(line: string): Span {
  const read = parseJson(line);
  if (!read.ok || !isRecord(read.value)) throw new Error(`no record: ${line}`);
  const { task, started, duration } = read.value;
  return { task: Number(task), started: Number(started), duration: Number(duration) };
}

/** From the first answer on, as the peer is measured: neither is charged with the start of its workers. */
function rateOf(spans: readonly Span[]): number {
  return (spans.length - 1) / (latest(ends(spans)) - earliest(ends(spans)));
}

function ends(spans: readonly Span[]): number[] {
  return spans.map(({ started, duration }) => started + duration);
}

function earliest(times: readonly number[]): number {
  return times.reduce((first, time) => Math.min(first, time), Number.POSITIVE_INFINITY);
}

function latest(times: readonly number[]): number {
  return times.reduce((last, time) => Math.max(last, time), 0);
}
