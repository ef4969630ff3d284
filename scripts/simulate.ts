/*
 * Runs the engine under random schedules in virtual time (see `test/simulation/`), on all cores:
 *
 *   npm run simulate -- [--count N] [--from N]     N schedules; ends with 1 at one that breaks an invariant
 *   npm run simulate -- --seed N                   the schedule of this number, and what happens in it
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { scheduleOf } from '../test/simulation/schedule.ts';
import { shrink } from '../test/simulation/shrink.ts';
import { type Failure, faultOf, processesOf, schedulesPerPlan, simulate, specOf } from '../test/simulation/simulate.ts';
import { traceOf } from '../test/simulation/trace.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string' },
    alone: { type: 'boolean', default: false },
  },
});
/** The last things that happened before it was wrong. */
const shownLines = 60;

function tell(failure: Failure): void {
  const { drawn, schedule, what } = failure;
  console.log(`seed ${schedule.seed} (${schedule.dangers.join(', ') || 'no dangers'}): ${what}`);
  console.log(JSON.stringify(drawn.spec));
}

function tellSmaller(failure: Failure): void {
  console.log('looking for a smaller one …');
  const smaller = shrink(failure);
  tell(smaller);
  for (const line of traceOf(smaller).slice(-shownLines)) console.log(line);
  console.log(`again: npm run simulate -- --seed ${failure.schedule.seed}`);
}

function replay(seed: number): boolean {
  const drawn = specOf(seed);
  const schedule = scheduleOf(seed, processesOf(drawn.plan));
  const what = faultOf(drawn.plan, schedule);
  if (what === null) {
    console.log(`seed ${seed} (${schedule.dangers.join(', ') || 'no dangers'}): nothing is wrong`);
    return true;
  }
  tellSmaller({ drawn, schedule, what });
  return false;
}

/** A share of the schedules in this process. */
function runAlone(from: number, count: number): boolean {
  const failure = simulate(from, count);
  if (failure !== null) tellSmaller(failure);
  return failure === null;
}

/** This script as one file, which begins sooner than its many: within the project, so that it finds the packages. */
async function bundled(): Promise<string> {
  const file = path.join(import.meta.dirname, '../node_modules/.cache/mpctl/simulate.mjs');
  await build({ entryPoints: [import.meta.filename], bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile: file });
  return file;
}

async function runOnAllCores(from: number, count: number): Promise<boolean> {
  const beganMs = performance.now();
  const script = await bundled();
  const share = Math.ceil(count / availableParallelism() / schedulesPerPlan) * schedulesPerPlan;
  const parts = Array.from({ length: Math.ceil(count / share) }, async (_, index) => {
    const first = from + index * share;
    const args = [script, '--alone', '--from', String(first), '--count', String(Math.min(share, from + count - first))];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    await once(child, 'exit');
    return child.exitCode === 0;
  });
  const isRight = (await Promise.all(parts)).every(Boolean);
  const seconds = (performance.now() - beganMs) / 1000;
  if (isRight) console.log(`${count} schedules in ${seconds.toFixed(1)} s, ${Math.round((60 * count) / seconds)} a minute: nothing is wrong`);
  return isRight;
}

const from = wholeNumber(values.from, 0);
const count = wholeNumber(values.count, 1);
const isRight = values.seed === undefined ? await (values.alone ? runAlone : runOnAllCores)(from, count) : replay(wholeNumber(values.seed, 0));
process.exitCode = isRight ? 0 : 1;
