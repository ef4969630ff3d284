import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { timeCommand } from '../time-command.ts';

const count = 1000;
const parallel = 8;
/** At least this share of what Node can start without any orchestrator. */
const minShareOfSpawn = 0.45;

/** A run of 1,000 replicas of `true`, eight at once: what starting, waiting and logging cost. */
export const benchmark: Benchmark = { name: 'replicas', measure };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  writeFileSync(
    spec,
    `max_parallel: ${String(parallel)}\nprocesses:\n  one:\n    command: ['true']\n    replicas: ${String(count)}\n`,
  );
  const peers = join(root, 'bench/peers');
  const perSecond = async (command: string, ...args: readonly string[]): Promise<number> =>
    (1000 * count) / (await timeCommand({ command, args, folder }));
  const { medianOf } = await alternate(rounds, {
    mpctl: () => perSecond(process.execPath, mpctl, 'run', spec),
    spawn: () => perSecond(process.execPath, join(peers, 'bare-spawn.cjs'), String(count), String(parallel)),
    fork: () => perSecond('python3', join(peers, 'fork_process.py'), String(count)),
  });
  const ours = `${medianOf('mpctl').toFixed(0)}/s`;
  return [
    {
      name: '1,000 replicas of `true`',
      ours,
      peer: `child_process.spawn: ${medianOf('spawn').toFixed(0)}/s`,
      ratio: medianOf('mpctl') / medianOf('spawn'),
      goal: `≥ ${minShareOfSpawn.toFixed(2)}×`,
      met: medianOf('mpctl') >= minShareOfSpawn * medianOf('spawn'),
    },
    {
      name: '1,000 replicas of `true`',
      ours,
      peer: `CPython fork Process: ${medianOf('fork').toFixed(0)}/s`,
      ratio: medianOf('mpctl') / medianOf('fork'),
      goal: '> 1.00×',
      met: medianOf('mpctl') > medianOf('fork'),
    },
  ];
}
