import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { rateOfCommand } from '../rate-of-command.ts';
import { withSpinners } from '../with-spinners.ts';

const count = 200_000;
const capacity = 100;
/** A queue of a Manager is slow: so many would take as long as all others together. */
const managerCount = 5000;

/** Small items from one program to another, one put and one get each: beside the queues of CPython. */
export const benchmark: Benchmark = { name: 'queues', measure: (bench) => withSpinners(() => measure(bench)) };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const ours = (program: string, file: string, queue: { readonly capacity?: number }, items: number): (() => Promise<number>) => {
    const spec = join(folder, `${file}-${String(queue.capacity)}.yaml`);
    const command = (verb: string): readonly string[] => [program, join(root, 'bench/workers', file), verb, String(items)];
    const processes = {
      getter: { command: command('get'), uses: { work: 'get' } },
      putter: { command: command('put'), uses: { work: 'put' } },
    };
    writeFileSync(spec, JSON.stringify({ queues: { work: queue }, processes }));
    return () => rateOfCommand({ command: process.execPath, args: [mpctl, 'run', spec], folder });
  };
  const peer = (kind: string, items: number, bound: number) => (): Promise<number> =>
    rateOfCommand({ command: 'python3', args: [join(root, 'bench/peers/mp_queue.py'), kind, String(items), String(bound)], folder });
  const { medianOf } = await alternate(rounds, {
    python: ours('python3', 'move_items.py', {}, count),
    typescript: ours(process.execPath, 'move-items.mjs', {}, count),
    queue: peer('queue', count, 0),
    manager: peer('manager', managerCount, 0),
    bounded: ours('python3', 'move_items.py', { capacity }, count),
    boundedQueue: peer('queue', count, capacity),
  });
  return [
    row('queue, Python to Python', medianOf('python'), 'Queue', medianOf('queue'), 1),
    row('queue, Python to Python', medianOf('python'), 'Manager().Queue', medianOf('manager'), 15),
    row('queue, TypeScript to TypeScript', medianOf('typescript'), 'Queue', medianOf('queue'), 2),
    row(`queue of ${String(capacity)}, Python to Python`, medianOf('bounded'), `Queue(${String(capacity)})`, medianOf('boundedQueue'), 1),
  ];
}

function row(name: string, ours: number, peerName: string, peer: number, least: number): Row {
  return {
    name,
    ours: `${ours.toFixed(0)}/s`,
    peer: `${peerName}: ${peer.toFixed(0)}/s`,
    ratio: ours / peer,
    goal: `≥ ${least.toFixed(2)}×`,
    met: ours >= least * peer,
  };
}
