import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { explore, type Exploration } from '../../src/verify/explore.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { ReducedSystem } from '../../src/verify/reduced-system.ts';
import { judge } from '../../src/verify/judge.ts';
import { validPlan } from '../../test/rig/plan-of-text.ts';
import { leftForkFirst } from '../../test/rig/benchmark-models.ts';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark, Row } from '../benchmark.ts';

const philosophers = 10;
/** 3^N − 1. */
const knownStates = 59_048;
const fewestStatesPerSecond = 500_000;
const mostBytesPerState = 48;
const morePhilosophers = 12;
/** Of 531,440 states. */
const knownReducedStates = 398;
const mostReducedMs = 50;
const mostStagedMs = 20;
const mostManyMs = 300;

/** Plain search through the states of ten philosophers, with SPIN beside it: the same states, and nothing left out by either. */
export const benchmark: Benchmark = {
  name: 'verify',
  measure: async (bench) => {
    const pan = await compileSpin(bench);
    let bytes = 0;
    const { medianOf } = await alternate(bench.rounds, {
      ours: async () => {
        const begin = performance.now();
        const found = search();
        const seconds = (performance.now() - begin) / 1000;
        expectStates(found.states);
        bytes = found.bytes;
        return knownStates / seconds;
      },
      spin: async () => knownStates / (await runSpin(pan)),
      staged: async () => proofMs(stagedSpec()),
      many: async () => proofMs(manySpec()),
      reduced: async () => {
        const begin = performance.now();
        const { states } = searchEnough();
        const tookMs = performance.now() - begin;
        if (states !== knownReducedStates) throw new Error(`${String(states)} states were found, not ${String(knownReducedStates)}`);
        return tookMs;
      },
    });
    const [ours, spin] = [medianOf('ours'), medianOf('spin')];
    const name = 'plain search, philosophers 10';
    return [
      {
        name,
        ours: `${(ours / 1e6).toFixed(2)} M states/s`,
        peer: `spin: ${(spin / 1e6).toFixed(2)} M states/s`,
        ratio: ours / spin,
        goal: `≥ ${(fewestStatesPerSecond / 1e6).toFixed(1)} M states/s`,
        met: ours >= fewestStatesPerSecond,
      },
      {
        name,
        ours: `${(bytes / knownStates).toFixed(1)} B a state`,
        peer: null,
        ratio: null,
        goal: `≤ ${mostBytesPerState.toFixed(0)} B`,
        met: bytes / knownStates <= mostBytesPerState,
      },
      row('proof of 3 stages of 8 jobs, a lock and a semaphore', medianOf('staged'), mostStagedMs),
      row('proof of 1,000 processes by an order', medianOf('many'), mostManyMs),
      {
        name: 'search with reductions, philosophers 12',
        ours: `${medianOf('reduced').toFixed(1)} ms`,
        peer: null,
        ratio: null,
        goal: `< ${mostReducedMs.toFixed(0)} ms`,
        met: medianOf('reduced') < mostReducedMs,
      },
    ];
  },
};

function search(): Exploration {
  const budget = { maxStates: 2 * knownStates, mayGoOn: () => true };
  return explore(new ModelSystem(leftForkFirst(philosophers)), { budget, judgesEnd: false, stopsAtStuck: false, isReduced: false });
}

function row(name: string, tookMs: number, mostMs: number): Row {
  return { name, ours: `${tookMs.toFixed(1)} ms`, peer: null, ratio: null, goal: `< ${mostMs.toFixed(0)} ms`, met: tookMs < mostMs };
}

/** How long it takes to prove a spec that is loaded. */
function proofMs(spec: string): number {
  const plan = validPlan(spec);
  const begin = performance.now();
  const { verdict } = judge(plan, { maxStates: knownStates, mayGoOn: () => true });
  const tookMs = performance.now() - begin;
  if (verdict.type !== 'proved') throw new Error('it was not proved');
  return tookMs;
}

function stagedSpec(): string {
  const jobs = Array.from({ length: 24 }, (_, index) => {
    const before = Array.from({ length: index < 8 ? 0 : 8 }, (__, other) => `job${String((Math.floor(index / 8) - 1) * 8 + other)}`);
    return `  job${String(index)}: { command: make, depends_on: [${before.join(', ')}], with: [slot, tree] }`;
  });
  return `locks: { tree: null }\nsemaphores: { slot: 4 }\nprocesses:\n${jobs.join('\n')}\n`;
}

/** Each takes two of fifty locks, in their order. */
function manySpec(): string {
  const locks = Array.from({ length: 50 }, (_, index) => `l${String(index)}: null`);
  return `locks: { ${locks.join(', ')} }\nprocesses:\n${Array.from({ length: 1000 }, (_, index) => takesTwo(index)).join('\n')}\n`;
}

function takesTwo(index: number): string {
  const [first, second] = [`l${String(index % 49)}`, `l${String((index % 49) + 1)}`];
  return `  p${String(index)}: { steps: [{ acquire: ${first} }, { acquire: ${second} }, { run: [make] }, { release: [${first}, ${second}] }] }`;
}

function searchEnough(): Exploration {
  const budget = { maxStates: knownStates, mayGoOn: () => true };
  return explore(new ReducedSystem(new ModelSystem(leftForkFirst(morePhilosophers)), []), { budget, judgesEnd: true, stopsAtStuck: false, isReduced: true });
}

function expectStates(states: number): void {
  if (states !== knownStates) throw new Error(`${String(states)} states were found, not ${String(knownStates)}`);
}

/** The same philosophers in SPIN's language: a fork is a bit, and each step is atomic. */
function promela(): string {
  return `bit fork[${String(philosophers)}];
#define RIGHT ((_pid + 1) % ${String(philosophers)})
active [${String(philosophers)}] proctype philosopher() {
  do
  :: d_step { fork[_pid] == 0 -> fork[_pid] = 1 };
     d_step { fork[RIGHT] == 0 -> fork[RIGHT] = 1 };
     fork[_pid] = 0;
     fork[RIGHT] = 0
  od
}
`;
}

async function compileSpin({ folder }: Bench): Promise<string> {
  writeFileSync(join(folder, 'philosophers.pml'), promela());
  await execa('spin', ['-a', 'philosophers.pml'], { cwd: folder });
  const pan = join(folder, 'pan');
  // Without its reductions, as ours is.
  await execa('gcc', ['-O2', '-w', '-DSAFETY', '-DNOREDUCE', '-o', pan, 'pan.c'], { cwd: folder });
  return pan;
}

/** Seconds of one search. */
async function runSpin(pan: string): Promise<number> {
  const begin = performance.now();
  const { stdout } = await execa(pan, ['-m1000000', '-c0', '-n', '-w20']);
  const seconds = (performance.now() - begin) / 1000;
  const [, states] = /(\d+) states, stored/.exec(stdout) ?? [];
  expectStates(Number(states));
  return seconds;
}
