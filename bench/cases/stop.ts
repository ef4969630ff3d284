import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { timeEnd } from '../time-end.ts';

/** So many processes, each with so many descendants. */
const count = 100;
const descendants = 5;
const mostMs = 500;
const graceSeconds = 1;
const mostIgnoringMs = 1600;

/** Time from Ctrl-C until nobody is alive of all that was started; beside a shell that signals the same groups. */
export const benchmark: Benchmark = {
  name: 'stop',
  measure: async (bench) => [...(await measureWilling(bench)), ...(await measureIgnoring(bench))],
};

async function measureWilling(bench: Bench): Promise<readonly Row[]> {
  const command = ['sh', join(bench.root, 'bench/workers/start-tree.sh')];
  const { medianOf } = await alternate(bench.rounds, {
    mpctl: () => timeOurs(bench, 'willing', command),
    shell: () => timeShell(bench, 0, command),
  });
  const ours = medianOf('mpctl');
  return [
    {
      name: `Ctrl-C, ${String(count)} processes with ${String(descendants)} descendants each`,
      ours: `${ours.toFixed(0)} ms`,
      peer: `kill -- -GROUP by bash: ${medianOf('shell').toFixed(0)} ms`,
      ratio: ours / medianOf('shell'),
      goal: `< ${String(mostMs)} ms`,
      met: ours < mostMs,
    },
  ];
}

async function measureIgnoring(bench: Bench): Promise<readonly Row[]> {
  const command = ['sh', join(bench.root, 'bench/workers/start-tree.sh'), 'ignoring'];
  const { medianOf } = await alternate(bench.rounds, {
    mpctl: () => timeOurs(bench, 'ignoring', command),
    shell: () => timeShell(bench, graceSeconds, command),
  });
  const ours = medianOf('mpctl');
  return [
    {
      name: `the same, all ignoring SIGTERM, ${String(graceSeconds)} s of grace`,
      ours: `${ours.toFixed(0)} ms`,
      peer: `kill -- -GROUP by bash: ${medianOf('shell').toFixed(0)} ms`,
      ratio: ours / medianOf('shell'),
      goal: `< ${String(mostIgnoringMs)} ms`,
      met: ours < mostIgnoringMs,
    },
  ];
}

function timeOurs(bench: Bench, name: string, command: readonly string[]): Promise<number> {
  const spec = join(bench.folder, `${name}.yaml`);
  const stop = { grace_period: `${String(graceSeconds)}s` };
  writeFileSync(spec, JSON.stringify({ processes: { tree: { replicas: count, command, stop } } }));
  return time(bench, process.execPath, [bench.mpctl, 'run', spec]);
}

function timeShell(bench: Bench, grace: number, command: readonly string[]): Promise<number> {
  return time(bench, 'bash', [join(bench.root, 'bench/peers/kill-groups.sh'), String(count), String(grace), ...command]);
}

function time({ folder }: Bench, command: string, args: readonly string[]): Promise<number> {
  return timeEnd({ command, args, folder, readyCount: count, processes: count * (1 + descendants) + 1 });
}
