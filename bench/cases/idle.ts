import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses } from '../../src/runtime/processes/process-table.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { cpuMsOf } from '../cpu-ms-of.ts';

const count = 500;
const seconds = 60;
const mostShare = 0.005;
const mostMegabytes = 120;
/** Whoever has just started five hundred processes has something to tidy up. */
const settlingMs = 2000;

/**
 * What a run of many processes that do nothing costs, with whatever mpctl has started for itself: its guardian and
 * its launcher. Measured once, however many rounds there are: in a minute there is enough to count.
 */
export const benchmark: Benchmark = { name: 'idle', measure };

async function measure({ folder, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  writeFileSync(spec, JSON.stringify({ processes: { idle: { command: ['sleep', '600'], replicas: count } } }));
  const child = spawn(process.execPath, [mpctl, 'run', '--format', 'json', spec], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  try {
    const { pid } = await allStarted(child);
    await delay(settlingMs);
    const own = ownProcesses(pid);
    const before = own.map(cpuMsOf);
    const beganMs = performance.now();
    await delay(seconds * 1000);
    const spentMs = sum(own.map(cpuMsOf)) - sum(before);
    const share = spentMs / (performance.now() - beganMs);
    const [ofMpctl = Number.NaN, ...ofOthers] = own.map(megabytesOf);
    return [
      {
        name: `${String(count)} idle processes for ${String(seconds)} s, once`,
        ours: `${(100 * share).toFixed(2)} % of a core`,
        peer: null,
        ratio: null,
        goal: `< ${(100 * mostShare).toFixed(1)} %`,
        met: share < mostShare,
      },
      {
        name: `${String(count)} idle processes, resident memory`,
        ours: `${ofMpctl.toFixed(0)} MB, ${sum(ofOthers).toFixed(0)} MB of its guardian and launcher`,
        peer: null,
        ratio: null,
        goal: `< ${String(mostMegabytes)} MB`,
        met: ofMpctl + sum(ofOthers) < mostMegabytes,
      },
    ];
  } finally {
    // What it says of their end has to go somewhere.
    child.stdout.resume();
    child.kill('SIGTERM');
    await ended;
  }
}

/** @throws Error when it ends before. */
async function allStarted({ pid, stdout }: ChildProcess): Promise<{ readonly pid: number }> {
  let started = 0;
  if (pid === undefined || stdout === null) throw new Error('mpctl was not started');
  for await (const line of createInterface({ input: stdout })) {
    if (line.includes('"type":"instance.started"')) started += 1;
    if (started === count) return { pid };
  }
  throw new Error(`only ${String(started)} processes were started`);
}

/** mpctl first, then whatever of its children is no worker. */
function ownProcesses(mpctl: number): readonly number[] {
  const children = listProcesses().filter(({ parentPid }) => parentPid === mpctl);
  const others = children.map(({ pid }) => pid).filter((pid) => !readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1').startsWith('sleep\0'));
  return [mpctl, ...others];
}

function megabytesOf(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
  return Number(/^VmRSS:\s+(?<kilobytes>\d+) kB$/mu.exec(status)?.groups?.['kilobytes']) / 1000;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
