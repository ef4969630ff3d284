import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';
import { plainEnvironment } from '../plain-environment.ts';
import { timeCommand } from '../time-command.ts';

/** A whole run of one `true` takes at most so many times as long as an empty Node program. */
const maxTimesNode = 2;

/** A check of a spec in which nobody waits for anything. */
const maxTimesNodeOfCheck = 2.2;

/** A whole `mpctl run` of the smallest spec, with run folder, log file and summary; and a check of it. */
export const benchmark: Benchmark = { name: 'startup', measure };

async function measure({ rounds, folder, root, mpctl }: Bench): Promise<readonly Row[]> {
  const spec = join(folder, 'mpctl.yaml');
  writeFileSync(spec, 'processes:\n  one: {command: [\'true\']}\n');
  const node = (...args: readonly string[]): Promise<number> =>
    timeCommand({ command: process.execPath, args, folder, environment: plainEnvironment });
  const concurrently = join(root, 'node_modules/concurrently/dist/bin/concurrently.js');
  const { medianOf } = await alternate(rounds, {
    mpctl: () => node(mpctl, 'run', spec),
    check: () => node(mpctl, 'check', spec),
    empty: () => node('-e', '0'),
    concurrently: () => node(concurrently, 'true', 'true'),
  });
  const ours = `${medianOf('mpctl').toFixed(0)} ms`;
  return [
    {
      name: 'run of one `true`',
      ours,
      peer: `node -e 0: ${medianOf('empty').toFixed(0)} ms`,
      ratio: medianOf('mpctl') / medianOf('empty'),
      goal: `≤ ${maxTimesNode.toFixed(2)}×`,
      met: medianOf('mpctl') <= maxTimesNode * medianOf('empty'),
    },
    {
      name: 'run of one `true`',
      ours,
      peer: `concurrently true true: ${medianOf('concurrently').toFixed(0)} ms`,
      ratio: medianOf('mpctl') / medianOf('concurrently'),
      goal: '< 1.00×',
      met: medianOf('mpctl') < medianOf('concurrently'),
    },
    {
      name: 'check of one `true`',
      ours: `${medianOf('check').toFixed(0)} ms`,
      peer: `node -e 0: ${medianOf('empty').toFixed(0)} ms`,
      ratio: medianOf('check') / medianOf('empty'),
      goal: `< ${maxTimesNodeOfCheck.toFixed(2)}×`,
      met: medianOf('check') < maxTimesNodeOfCheck * medianOf('empty'),
    },
  ];
}
