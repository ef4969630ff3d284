import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { rateOfCommand } from '../rate-of-command.ts';
import { withSpinners } from '../with-spinners.ts';

const run = promisify(execFile);
const calls = 50;
/** What such a call took where the goal was set. */
const mostMsByCurl = 7;
const mostTimesNode = 1.2;

/** A call by curl, and the start of a verb within a worker: beside the same against a bare server, and an empty Node program. */
export const benchmark: Benchmark = {
  name: 'door',
  measure: async (bench) => [...(await withSpinners(() => measureCurl(bench))), ...(await measureVerb(bench))],
};

async function measureCurl({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'curl.yaml');
  const script = join(root, 'bench/workers/call-by-curl.sh');
  const processes = { caller: { command: ['sh', script, String(calls)], uses: { file: 'acquire' } } };
  writeFileSync(spec, JSON.stringify({ locks: { file: null }, processes }));
  const medianOf = await alternate(rounds, {
    mpctl: () => rateOfCommand({ command: process.execPath, args: [mpctl, 'run', spec], folder }),
    server: () => rateOfCommand({ command: process.execPath, args: [join(root, 'bench/peers/bare-server.cjs'), script, String(calls)], folder }),
  });
  const [ours, peer] = [medianOf('mpctl') / 1e6, medianOf('server') / 1e6];
  return [
    {
      name: 'a call by curl',
      ours: `${ours.toFixed(2)} ms`,
      peer: `curl to a bare server: ${peer.toFixed(2)} ms`,
      ratio: ours / peer,
      goal: `≤ ${mostMsByCurl.toFixed(0)} ms`,
      met: ours <= mostMsByCurl,
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
