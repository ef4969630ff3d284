import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate, median, type Figures } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { plainEnvironment as environment } from '../plain-environment.ts';
import { timeCommand } from '../time-command.ts';

const count = 5000;
/** GNU parallel takes so much longer that fewer tell its rate. */
const parallelCount = 1000;
const slots = 4;
const queuedCount = 1_000_000;
const mostQueuedBytes = 200_000_000;
const mostFirstMs = 300;
/** So long a run of a million tasks is watched. */
const watched = '3s';
/** A task that computes, for about 50 ms; a loop of a shell would take longer the more variables there are in its environment. */
const computing = '#!/usr/bin/awk -f\nBEGIN { while (count < 4000000) count++ }\n';
/** So many that not the start of mpctl is measured, a tenth of a second, but the pool. */
const computingCount = 480;

/** Pools of commands beside those who are known for them. */
export const benchmark: Benchmark = {
  name: 'pools',
  measure: async (bench) => [...(await measureTrivial(bench)), ...(await measureOrdered(bench)), ...(await measureComputing(bench)), ...(await measureQueued(bench))],
};

/** Tasks that do nothing, every fate and its job log kept. */
async function measureTrivial({ rounds, folder, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'trivial.yaml');
  writeFileSync(spec, JSON.stringify({ pools: { trivial: { workers: slots, command: ['/bin/true', '${{ item }}'], tasks: { range: [1, count] }, joblog: 'trivial.tsv' } } }));
  const rate = (tasks: number, command: string, args: readonly string[]): (() => Promise<number>) => async () => (1000 * tasks) / (await timeCommand({ command, args, folder, environment }));
  const figures = await alternate(rounds, {
    run: rate(count, process.execPath, [mpctl, 'run', spec]),
    pool: rate(count, 'sh', ['-c', `seq ${count} | ${process.execPath} ${mpctl} pool -j${slots} --joblog pool.tsv -- /bin/true {}`]),
    xargs: rate(count, 'sh', ['-c', `seq ${count} | xargs -P${slots} -n1 /bin/true`]),
    parallel: rate(parallelCount, 'sh', ['-c', `seq ${parallelCount} | parallel -j${slots} /bin/true`]),
  });
  return (['run', 'pool'] as const).flatMap((way) => {
    const name = `5,000 × \`/bin/true\`, 4 slots, \`mpctl ${way}\``;
    return [row(name, figures, way, ['xargs', 'xargs -P4'], 1), row(name, figures, way, ['parallel', 'parallel -j4'], 4.5)];
  });
}

/** Tasks that write a line each, which come out in the order of the items. */
async function measureOrdered({ rounds, folder, mpctl }: Bench): Promise<readonly Row[]> {
  const withShell = { ...environment, PARALLEL_SHELL: '/bin/sh' };
  const rate = (tasks: number, tool: string) => async (): Promise<number> => {
    const args = ['-c', `seq ${tasks} | ${tool} > ordered.txt && seq ${tasks} | cmp - ordered.txt`];
    return (1000 * tasks) / (await timeCommand({ command: 'sh', args, folder, environment: withShell }));
  };
  const figures = await alternate(rounds, {
    mpctl: rate(count, `${process.execPath} ${mpctl} pool -j${slots} -k -- 'echo {}'`),
    parallel: rate(parallelCount, `parallel -j${slots} -k 'echo {}'`),
  });
  return [row('5,000 × `echo {}`, output in order', figures, 'mpctl', ['parallel', 'parallel -k'], 4.5)];
}

/** Tasks that want all cores. */
async function measureComputing({ rounds, folder, mpctl }: Bench): Promise<readonly Row[]> {
  const [spec, script] = [join(folder, 'computing.yaml'), join(folder, 'compute')];
  writeFileSync(script, computing, { mode: 0o755 });
  writeFileSync(spec, JSON.stringify({ pools: { computing: { workers: 2, command: [script, '${{ item }}'], tasks: { range: [1, computingCount] } } } }));
  const rate = (command: string, args: readonly string[]) => async (): Promise<number> => (1000 * computingCount) / (await timeCommand({ command, args, folder, environment }));
  const figures = await alternate(rounds, {
    mpctl: rate(process.execPath, [mpctl, 'run', spec]),
    xargs: rate('sh', ['-c', `seq ${computingCount} | xargs -P2 -n1 ${script}`]),
  });
  return [row('tasks that compute, 2 slots', figures, 'mpctl', ['xargs', 'xargs -P2'], 0.97)];
}

/** A source of a million tasks: it is read as far as it is needed. */
async function measureQueued({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const [spec, peak, joblog] = [join(folder, 'queued.yaml'), join(folder, 'peak'), join(folder, 'queued.tsv')];
  writeFileSync(join(folder, 'items.txt'), `${Array.from({ length: queuedCount }, (_, index) => `item number ${index}`).join('\n')}\n`);
  writeFileSync(spec, JSON.stringify({ pools: { queued: { workers: slots, command: ['/bin/true', '${{ item }}'], tasks: { lines: 'items.txt' }, joblog } } }));
  const env = { ...environment, BENCH_PEAK_MEMORY_FILE: peak };
  const args = ['--require', join(root, 'bench/peers/report-peak-memory.cjs'), mpctl, 'run', '--timeout', watched, spec];
  const [memory, firstMs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const beganMs = Date.now();
    await once(spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' }), 'exit');
    memory.push(Number(readFileSync(peak, 'utf8')));
    // GNU parallel's columns: the third is when the task was started, in seconds since the epoch.
    firstMs.push(1000 * Number(readFileSync(joblog, 'utf8').split('\n')[1]?.split('\t')[2]) - beganMs);
  }
  const [bytes, first] = [median(memory), median(firstMs)];
  return [
    { name: '1,000,000 queued tasks', ours: `${(bytes / 1e6).toFixed(0)} MB`, peer: null, ratio: null, goal: `< ${mostQueuedBytes / 1e6} MB`, met: bytes < mostQueuedBytes },
    { name: 'the first of 1,000,000 tasks starts after', ours: `${first.toFixed(0)} ms`, peer: null, ratio: null, goal: `< ${mostFirstMs} ms`, met: first < mostFirstMs },
  ];
}

/** Rates of ours and of a peer, who has a name in the figures and one for people. */
function row<Name extends string>(name: string, { medianOf, ratioOf }: Figures<Name>, ours: Name, [peer, peerName]: readonly [Name, string], leastRatio: number): Row {
  const ratio = ratioOf(ours, peer);
  return { name, ours: `${medianOf(ours).toFixed(0)}/s`, peer: `${peerName}: ${medianOf(peer).toFixed(0)}/s`, ratio, goal: `≥ ${leastRatio.toFixed(2)}×`, met: ratio >= leastRatio };
}
