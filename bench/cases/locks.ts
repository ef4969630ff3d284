import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { rateOfCommand } from '../rate-of-command.ts';
import { withSpinners } from '../with-spinners.ts';

const count = 8000;
const clients = 4;

/** Taking and releasing a lock from a program, one after the other: beside the lock of a Manager of CPython. */
export const benchmark: Benchmark = { name: 'locks', measure: (bench) => withSpinners(() => measure(bench)) };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const worker = (program: string, name: string, replicas: number): (() => Promise<number>) => {
    const spec = join(folder, `${name}-${String(replicas)}.yaml`);
    const command = [program, join(root, 'bench/workers', name), String(count / replicas)];
    writeFileSync(spec, JSON.stringify({ locks: { file: null }, barriers: { go: { parties: replicas } }, processes: { taker: { command, replicas, uses: { file: 'acquire', go: 'wait' } } } }));
    return () => rateOfCommand({ command: process.execPath, args: [mpctl, 'run', spec], folder });
  };
  const manager = (many: number) => (): Promise<number> =>
    rateOfCommand({ command: 'python3', args: [join(root, 'bench/peers/manager_lock.py'), String(many), String(count / many)], folder });
  const { medianOf: one } = await alternate(rounds, {
    typescript: worker(process.execPath, 'take-lock.mjs', 1),
    python: worker('python3', 'take_lock.py', 1),
    manager: manager(1),
  });
  const { medianOf: several } = await alternate(rounds, {
    typescript: worker(process.execPath, 'take-lock.mjs', clients),
    python: worker('python3', 'take_lock.py', clients),
    manager: manager(clients),
  });
  return [
    row('lock, one TypeScript client', one('typescript'), one('manager'), 2),
    row('lock, one Python client', one('python'), one('manager'), 1),
    row(`lock, ${String(clients)} TypeScript clients contend`, several('typescript'), several('manager'), 1.5),
    row(`lock, ${String(clients)} Python clients contend`, several('python'), several('manager'), 1.5),
  ];
}

function row(name: string, ours: number, peer: number, least: number): Row {
  return {
    name,
    ours: `${ours.toFixed(0)}/s`,
    peer: `Manager().Lock: ${peer.toFixed(0)}/s`,
    ratio: ours / peer,
    goal: `≥ ${least.toFixed(2)}×`,
    met: ours >= least * peer,
  };
}
