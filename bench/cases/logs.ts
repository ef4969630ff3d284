import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { timeCommand } from '../time-command.ts';

/** In memory: a disk would be what is measured. */
const memoryFolder = '/dev/shm';
const mebibytes = 512;

/** What a process writes as fast as it can to its log, in lines of 80 bytes, beside a shell that writes it to a file. */
export const benchmark: Benchmark = { name: 'logs', measure };

async function measure({ rounds, root, mpctl }: Bench): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(memoryFolder, 'mpctl-bench-'));
  try {
    const took = join(folder, 'took');
    const write = `python3 ${join(root, 'bench/workers/write_lines.py')} ${String(mebibytes)} ${took}`;
    const specs = { read: specOf(folder, 'read', write, {}), direct: specOf(folder, 'direct', write, { log: 'direct' }) };
    const timeIn = (command: string, args: readonly string[], written: () => number) => async (): Promise<number> => {
      await timeCommand({ command, args, folder });
      const bytes = written();
      if (bytes !== mebibytes * 1024 * 1024) throw new Error(`${[command, ...args].join(' ')} has left ${String(bytes)} bytes`);
      rmSync(join(folder, '.mpctl'), { recursive: true, force: true });
      rmSync(join(folder, 'out'), { force: true });
      // What the writer itself has measured: a start by mpctl or a shell is none of it.
      return Number(readFileSync(took, 'utf8'));
    };
    const run = (spec: string) => timeIn(process.execPath, [mpctl, 'run', '--output', 'quiet', spec], () => bytesOfLogs(folder));
    const shell = (line: string) => timeIn('sh', ['-c', line], () => statSync(join(folder, 'out')).size);
    const { medianOf } = await alternate(rounds, { read: run(specs.read), direct: run(specs.direct), cat: shell(`${write} | cat > out`), file: shell(`${write} > out`) });
    const row = (name: string, ours: 'read' | 'direct', peer: 'cat' | 'file', least: number): Row => ({
      name: `${name}, ${String(mebibytes)} MiB`,
      ours: rateOf(medianOf(ours)),
      peer: `${peer === 'cat' ? 'cmd | cat > file' : 'cmd > file'}: ${rateOf(medianOf(peer))}`,
      ratio: medianOf(peer) / medianOf(ours),
      goal: `≥ ${least.toFixed(2)}×`,
      met: medianOf(peer) >= least * medianOf(ours),
    });
    return [row('log of a process', 'read', 'cat', 0.5), row('log of a process', 'read', 'file', 0.3), row('log: direct', 'direct', 'file', 0.95)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rateOf(tookMs: number): string {
  return `${(mebibytes / (tookMs / 1000)).toFixed(0)} MiB/s`;
}

function specOf(folder: string, name: string, command: string, keys: Readonly<Record<string, string>>): string {
  const spec = join(folder, `${name}.yaml`);
  writeFileSync(spec, JSON.stringify({ processes: { writer: { command: `exec ${command}`, log: { max_size: '50M', keep: 20 }, ...keys } } }));
  return spec;
}

/** Of the only run, through all rotations. */
function bytesOfLogs(folder: string): number {
  const runs = join(folder, '.mpctl/runs');
  const logs = join(runs, readdirSync(runs).find((name) => name.includes('-')) ?? '');
  return readdirSync(logs).filter((name) => name.includes('.log')).reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
}
