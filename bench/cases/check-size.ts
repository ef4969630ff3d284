import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { timeCommand } from '../time-command.ts';

const smallCount = 10_000;
const maxPeakBytes = 400_000_000;
/** Twice the size costs at most so many times as much, which anything quadratic does not keep. */
const maxGrowth = 2.2;

/** Two ways to write a process, and how long a check of 10,000 of them may take. */
const shapes = [
  { name: 'three keys', maxMs: 1500, write: writeThreeKeys },
  { name: 'six keys', maxMs: 2500, write: writeSixKeys },
];

/** `mpctl check` of specs with 10,000 and 20,000 written-out processes. */
export const benchmark: Benchmark = {
  name: 'check-size',
  measure: async (bench) => {
    const rows: Row[] = [];
    for (const shape of shapes) rows.push(...(await measureShape(bench, shape)));
    return rows;
  },
};

/** Each waits for the one before it, which is the longest chain there can be. */
function writeThreeKeys(index: number): string {
  const dependsOn = index === 0 ? '' : `\n    depends_on: [process_${String(index - 1)}]`;
  return `  process_${String(index)}:\n    command: [echo, "${String(index)}"]${dependsOn}\n`;
}

function writeSixKeys(index: number): string {
  return `${writeThreeKeys(index)}    environment: {INDEX: "${String(index)}"}
    timeout: 10m
    allow_failure: false
    description: number ${String(index)}
`;
}

async function measureShape(bench: Bench, shape: (typeof shapes)[number]): Promise<readonly Row[]> {
  const spec = (count: number): string => {
    const file = join(bench.folder, `${String(count)}.yaml`);
    writeFileSync(file, `processes:\n${Array.from({ length: count }, (_, index) => shape.write(index)).join('')}`);
    return file;
  };
  const [small, large] = [spec(smallCount), spec(2 * smallCount)];
  const check = (file: string): Promise<number> =>
    timeCommand({ command: process.execPath, args: [bench.mpctl, 'check', file], folder: bench.folder });
  const { medianOf } = await alternate(bench.rounds, {
    small: () => check(small),
    large: () => check(large),
  });
  const growth = medianOf('large') / medianOf('small');
  const peakBytes = await peakMemoryOf(bench, small);
  const name = `check of 10,000, ${shape.name}`;
  return [
    {
      name,
      ours: `${medianOf('small').toFixed(0)} ms`,
      peer: null,
      ratio: null,
      goal: `< ${shape.maxMs.toFixed(0)} ms`,
      met: medianOf('small') < shape.maxMs,
    },
    {
      name,
      ours: `${(peakBytes / 1e6).toFixed(0)} MB`,
      peer: null,
      ratio: null,
      goal: `< ${(maxPeakBytes / 1e6).toFixed(0)} MB`,
      met: peakBytes < maxPeakBytes,
    },
    {
      name: `check of 20,000, ${shape.name}`,
      ours: `${medianOf('large').toFixed(0)} ms`,
      peer: `half of them: ${medianOf('small').toFixed(0)} ms`,
      ratio: growth,
      goal: `≤ ${maxGrowth.toFixed(2)}×`,
      met: growth <= maxGrowth,
    },
  ];
}

async function peakMemoryOf({ folder, mpctl, root }: Bench, spec: string): Promise<number> {
  const file = join(folder, 'peak-memory');
  const preload = join(root, 'bench/peers/report-peak-memory.cjs');
  await timeCommand({
    command: process.execPath,
    args: ['--require', preload, mpctl, 'check', spec],
    folder,
    environment: { ...process.env, BENCH_PEAK_MEMORY_FILE: file },
  });
  return Number(readFileSync(file, 'utf8'));
}
