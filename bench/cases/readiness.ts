import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';

const run = promisify(execFile);
const mostMs = 60;

/** Time from the moment at which a server listens until the command that depends on it runs; beside a loop of bash that tries as often. */
export const benchmark: Benchmark = { name: 'readiness', measure };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  const workers = join(root, 'bench/workers');
  const { medianOf } = await alternate(rounds, {
    mpctl: async () => {
      const port = await freePort();
      const server = { command: [process.execPath, join(workers, 'open-port.mjs'), String(port)], readiness_probe: { tcp_socket: { port } } };
      const dependent = { command: ['bash', '-c', 'echo started $EPOCHREALTIME'], depends_on: ['server'] };
      writeFileSync(spec, JSON.stringify({ daemons: { server }, processes: { dependent } }));
      return timeIn(await run(process.execPath, [mpctl, 'run', spec], { cwd: folder }));
    },
    shell: async () => timeIn(await run('bash', [join(root, 'bench/peers/start-when-open.sh'), String(await freePort()), process.execPath, join(workers, 'open-port.mjs')])),
  });
  return [
    {
      name: 'a TCP port opens → the dependent runs',
      ours: `${medianOf('mpctl').toFixed(1)} ms`,
      peer: `bash, /dev/tcp every 20 ms: ${medianOf('shell').toFixed(1)} ms`,
      ratio: medianOf('mpctl') / medianOf('shell'),
      goal: `< ${String(mostMs)} ms`,
      met: medianOf('mpctl') < mostMs,
    },
  ];
}

/** Between what both have printed, in ms. */
function timeIn({ stdout }: { readonly stdout: string }): number {
  const [opened, started] = [/\bopened (?<at>[\d.]+)/u, /\bstarted (?<at>[\d.]+)/u].map((pattern) => Number(pattern.exec(stdout)?.groups?.['at']));
  const tookMs = ((started ?? Number.NaN) - (opened ?? Number.NaN)) * 1000;
  if (Number.isNaN(tookMs)) throw new Error(`somebody did not say when: ${stdout}`);
  return tookMs;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
    server.once('error', reject);
  });
}
