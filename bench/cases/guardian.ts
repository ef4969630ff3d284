import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';

const run = promisify(execFile);
const mostMs = 3;
const mostMegabytes = 3;

/**
 * What the guardian adds to a run: what mpctl computes to start it and what it computes itself, as if it never
 * had a core of its own; and what is resident of it, with the pages that it shares with every other shell.
 */
export const benchmark: Benchmark = { name: 'guardian', measure };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  const command = [process.execPath, join(root, 'bench/workers/look-at-guardian.mjs')];
  writeFileSync(spec, JSON.stringify({ processes: { look: { command } } }));
  const figures: Record<'start' | 'own' | 'rss' | 'pss', number[]> = { start: [], own: [], rss: [], pss: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const { stdout } = await run(process.execPath, ['--require', join(root, 'bench/peers/time-guardian.cjs'), mpctl, 'run', spec], { cwd: folder });
    // The first one fills the caches.
    if (round > 0) for (const [name, list] of Object.entries(figures)) list.push(figureIn(stdout, name));
  }
  const [startMs, ownMs] = [median(figures.start), median(figures.own)];
  const [rss, pss] = [median(figures.rss) / 1000, median(figures.pss) / 1000];
  return [
    {
      name: 'guardian, what a run computes more',
      ours: `${(startMs + ownMs).toFixed(1)} ms, ${startMs.toFixed(1)} ms of them to start it`,
      peer: null,
      ratio: null,
      goal: `< ${String(mostMs)} ms`,
      met: startMs + ownMs < mostMs,
    },
    {
      name: 'guardian, resident memory',
      ours: `${rss.toFixed(1)} MB, ${pss.toFixed(1)} MB of them not shared`,
      peer: null,
      ratio: null,
      goal: `< ${String(mostMegabytes)} MB`,
      met: rss < mostMegabytes,
    },
  ];
}

/** @throws Error where nobody has printed it: a measurement that failed is no figure. */
function figureIn(output: string, name: string): number {
  const figure = new RegExp(`\\b${name} (?<figure>[\\d.]+)`, 'u').exec(output)?.groups?.['figure'];
  if (figure === undefined) throw new Error(`nobody said ${name}: ${output}`);
  return Number(figure);
}
