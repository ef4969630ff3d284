import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { timeReaction } from '../time-reaction.ts';

/** How long the first sign of an answer to Ctrl-C may take. */
const maxMs = 100;

/** So many of each kind are blocked. */
const blocked = 10;

/** Time from SIGINT to the first answer while every process is blocked: before its start, in a step, in its command. */
export const benchmark: Benchmark = { name: 'signals', measure };

const spec = `
events: { never: }
locks: { taken: }
processes:
  holder: { with: taken, command: echo ready; exec sleep 600, uses: { never: set } }
  asleep: { replicas: ${blocked - 1}, command: echo ready; exec sleep 600 }
  unstarted: { replicas: ${blocked}, wait_for: [never], command: exit 1 }
  locked: { replicas: ${blocked}, steps: [{ acquire: taken }] }
  waiting: { replicas: ${blocked}, steps: [{ wait: never }] }
`;

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  writeFileSync(join(folder, 'mpctl.yaml'), spec);
  const concurrently = join(root, 'node_modules/concurrently/dist/bin/concurrently.js');
  const { medianOf } = await alternate(rounds, {
    mpctl: () =>
      timeReaction({
        command: process.execPath,
        args: [mpctl, 'run', '--format', 'json'],
        folder,
        isReady: (output) =>
          count(output, '"line":"ready"') === blocked && count(output, '"type":"instance.waiting"') >= 3 * blocked,
        isReaction: (output) => output.includes('"type":"run.signal"'),
      }),
    concurrently: () =>
      timeReaction({
        command: process.execPath,
        args: [concurrently, ...Array.from({ length: blocked }, () => 'echo ready; exec sleep 600')],
        folder,
        isReady: (output) => count(output, '] ready') === blocked,
        isReaction: (output) => output.includes('\n'),
      }),
  });
  return [
    {
      name: 'first answer to SIGINT',
      ours: `${medianOf('mpctl').toFixed(1)} ms`,
      peer: `concurrently: ${medianOf('concurrently').toFixed(1)} ms`,
      ratio: medianOf('mpctl') / medianOf('concurrently'),
      goal: `< ${maxMs} ms`,
      met: medianOf('mpctl') < maxMs,
    },
  ];
}

function count(output: string, text: string): number {
  return output.split(text).length - 1;
}
