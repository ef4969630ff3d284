import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { cpuMsOf } from '../cpu-ms-of.ts';
import { timeCommand } from '../time-command.ts';

const mebibytes = 8192;
const leastOfShell = 0.95;
/** Share of the time of the run that mpctl itself may compute while bytes flow. */
const mostShare = 0.01;

/** Bytes from one command to another through a kernel pipe that mpctl has joined them with: beside a shell. */
export const benchmark: Benchmark = { name: 'stdio', measure };

async function measure({ rounds, folder, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  const from = `dd if=/dev/zero bs=64k count=${String(mebibytes * 16)} status=none`;
  const to = 'dd of=/dev/null bs=64k status=none';
  const processes = { from: { command: `exec ${from}` }, to: { command: `exec ${to}` } };
  writeFileSync(spec, JSON.stringify({ pipes: { bytes: { from: 'from', to: 'to', via: 'stdio' } }, processes }));
  const shares: number[] = [];
  const { medianOf } = await alternate(rounds, {
    mpctl: async () => {
      const { tookMs, share } = await timeRun(mpctl, spec, folder);
      shares.push(share);
      return tookMs;
    },
    empty: () => timeCommand({ command: process.execPath, args: [mpctl, 'run', '--output', 'quiet', emptySpec(folder)], folder }),
    shell: () => timeCommand({ command: 'sh', args: ['-c', `${from} | ${to}`], folder }),
  });
  // What any run takes for its start and its end is measured elsewhere.
  const flowMs = medianOf('mpctl') - medianOf('empty');
  const share = shares.toSorted((one, other) => one - other)[Math.floor(shares.length / 2)] ?? Number.NaN;
  return [
    {
      name: `pipe by stdio, ${String(mebibytes)} MiB`,
      ours: `${(mebibytes / (flowMs / 1000)).toFixed(0)} MiB/s`,
      peer: `dd | dd: ${(mebibytes / (medianOf('shell') / 1000)).toFixed(0)} MiB/s`,
      ratio: medianOf('shell') / flowMs,
      goal: `≥ ${leastOfShell.toFixed(2)}×`,
      met: medianOf('shell') >= leastOfShell * flowMs,
    },
    {
      name: 'pipe by stdio, CPU time of mpctl while bytes flow',
      ours: `${(100 * share).toFixed(2)} %`,
      peer: null,
      ratio: null,
      goal: `< ${(100 * mostShare).toFixed(0)} %`,
      met: share < mostShare,
    },
  ];
}

function emptySpec(folder: string): string {
  const spec = join(folder, 'empty.yaml');
  writeFileSync(spec, JSON.stringify({ processes: { from: { command: 'exec true' }, to: { command: 'exec true' } } }));
  return spec;
}

/** The wall time of a run, and which share of it mpctl computed between the start of both commands and their end. */
function timeRun(mpctl: string, spec: string, folder: string): Promise<{ readonly tookMs: number; readonly share: number }> {
  return new Promise((resolve, reject) => {
    const beganMs = performance.now();
    const child = spawn(process.execPath, [mpctl, 'run', '--format', 'json', spec], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    let flowing: { readonly atMs: number; readonly cpuMs: number } | null = null;
    let share = Number.NaN;
    let started = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      started += text.split('"type":"instance.started"').length - 1;
      const { pid } = child;
      if (pid === undefined) return;
      if (started >= 2 && flowing === null) flowing = { atMs: performance.now(), cpuMs: cpuMsOf(pid) };
      else if (flowing !== null && Number.isNaN(share) && text.includes('"type":"instance.ended"')) {
        share = (cpuMsOf(pid) - flowing.cpuMs) / (performance.now() - flowing.atMs);
      }
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0 && !Number.isNaN(share)) resolve({ tookMs: performance.now() - beganMs, share });
      else reject(new Error(`the run of ${spec} ended with ${String(code)}`));
    });
  });
}
