import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { withSpinners } from '../with-spinners.ts';

const run = promisify(execFile);
const calls = 50;
/** What such a call took where the goal was set; on a slower machine a server that does nothing takes more. */
const mostMsByCurl = 7;
/** Two bare servers called in turn differ by up to 0.08 in a round, and by 0.02 in the median of nine. */
const mostTimesBare = 1.03;
const mostTimesNode = 1.2;

/** A call by curl, and the start of a verb within a worker: beside the same against a bare server, and an empty Node program. */
export const benchmark: Benchmark = {
  name: 'door',
  measure: async (bench) => [...(await withSpinners(() => measureCurl(bench))), ...(await measureVerb(bench))],
};

async function measureCurl({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'curl.yaml');
  const command = ['bash', join(root, 'bench/workers/call-by-curl.sh'), String(calls)];
  writeFileSync(spec, JSON.stringify({ locks: { file: null }, processes: { caller: { command, uses: { file: 'acquire' } } } }));
  const [ours, peer]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const env = { ...process.env, BARE_SOCKET: join(folder, `bare-${round}`) };
    const { stdout } = await run(process.execPath, [join(root, 'bench/peers/bare-server.cjs'), process.execPath, mpctl, 'run', spec], { cwd: folder, env });
    const figure = (name: string): number => Number(new RegExp(`\\b${name} (?<us>\\d+)`, 'u').exec(stdout)?.groups?.['us']) / 1000;
    ours.push(figure('mpctl'));
    peer.push(figure('server'));
  }
  const [oursMs, peerMs] = [median(ours), median(peer)];
  return [
    {
      name: 'a call by curl',
      ours: `${oursMs.toFixed(2)} ms`,
      peer: `curl to a bare server: ${peerMs.toFixed(2)} ms`,
      ratio: oursMs / peerMs,
      goal: `≤ ${mostMsByCurl.toFixed(0)} ms or ${mostTimesBare.toFixed(2)}×`,
      met: oursMs <= mostMsByCurl || oursMs <= mostTimesBare * peerMs,
    },
  ];
}

async function measureVerb({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'verb.yaml');
  const command = [process.execPath, join(root, 'bench/workers/time-verb.mjs'), mpctl, String(rounds * 4)];
  writeFileSync(spec, JSON.stringify({ events: { go: { set: true } }, processes: { caller: { command, uses: { go: 'set' } } } }));
  const { stdout } = await run(process.execPath, [mpctl, 'run', spec], { cwd: folder });
  const figure = (name: string): number => Number(new RegExp(`\\b${name} (?<ms>[\\d.]+)`, 'u').exec(stdout)?.groups?.['ms']);
  const [ours, peer] = [figure('verb'), figure('empty')];
  return [
    {
      name: 'start of a verb',
      ours: `${ours.toFixed(1)} ms`,
      peer: `node -e 0: ${peer.toFixed(1)} ms`,
      ratio: ours / peer,
      goal: `≤ ${mostTimesNode.toFixed(2)}×`,
      met: ours <= mostTimesNode * peer,
    },
  ];
}
