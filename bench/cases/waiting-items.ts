import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';

const run = promisify(execFile);
const count = 1_000_000;
const mostBytes = 250_000_000;
/** A put into a queue that has items already may take so much longer than into one that has none; more would grow with it. */
const mostGrowth = 1.5;

/** A million items that wait in a queue: how much memory mpctl takes, and whether a put stays as quick. */
export const benchmark: Benchmark = { name: 'waiting-items', measure };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  const command = [process.execPath, join(root, 'bench/workers/fill-queue.mjs'), String(count)];
  writeFileSync(spec, JSON.stringify({ queues: { work: {} }, processes: { filler: { command, uses: { work: ['put', 'get'] } } } }));
  const report = join(root, 'bench/peers/report-peak-memory.cjs');
  const peak = join(folder, 'peak');
  const memory: number[] = [];
  const growth: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const env = { ...process.env, BENCH_PEAK_MEMORY_FILE: peak };
    const { stdout } = await run(process.execPath, ['--require', report, mpctl, 'run', spec], { cwd: folder, env });
    memory.push(Number(readFileSync(peak, 'utf8')));
    growth.push(figureIn(stdout, /second (?<figure>[\d.]+)/u) / figureIn(stdout, /first (?<figure>[\d.]+)/u));
  }
  return [
    {
      name: '1,000,000 waiting items',
      ours: `${(median(memory) / 1e6).toFixed(0)} MB`,
      peer: null,
      ratio: null,
      goal: `< ${(mostBytes / 1e6).toFixed(0)} MB`,
      met: median(memory) < mostBytes,
    },
    {
      name: 'puts of the second half million to those of the first',
      ours: `${median(growth).toFixed(2)}×`,
      peer: null,
      ratio: null,
      goal: `≤ ${mostGrowth.toFixed(2)}×`,
      met: median(growth) <= mostGrowth,
    },
  ];
}

function figureIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.groups?.['figure'] ?? Number.NaN);
}
