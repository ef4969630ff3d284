import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { rateOfCommand } from '../rate-of-command.ts';
import { withSpinners } from '../with-spinners.ts';

const roundTrips = 5000;
const leastOfPipe = 0.25;

/** Messages there and back through a pipe of the spec: beside a Pipe of CPython, which has no broker between. */
export const benchmark: Benchmark = { name: 'pipes', measure: (bench) => withSpinners(() => measure(bench)) };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  const command = (verb: string): readonly string[] => ['python3', join(root, 'bench/workers/exchange_messages.py'), verb, String(roundTrips)];
  const processes = { ping: { command: command('ping') }, pong: { command: command('pong') } };
  writeFileSync(spec, JSON.stringify({ pipes: { talk: { between: ['ping', 'pong'] } }, processes }));
  const { medianOf } = await alternate(rounds, {
    mpctl: () => rateOfCommand({ command: process.execPath, args: [mpctl, 'run', spec], folder }),
    pipe: () => rateOfCommand({ command: 'python3', args: [join(root, 'bench/peers/mp_pipe.py'), String(roundTrips)], folder }),
  });
  return [
    {
      name: 'pipe, messages there and back',
      ours: `${medianOf('mpctl').toFixed(0)}/s`,
      peer: `multiprocessing.Pipe: ${medianOf('pipe').toFixed(0)}/s`,
      ratio: medianOf('mpctl') / medianOf('pipe'),
      goal: `≥ ${leastOfPipe.toFixed(2)}×`,
      met: medianOf('mpctl') >= leastOfPipe * medianOf('pipe'),
    },
  ];
}
