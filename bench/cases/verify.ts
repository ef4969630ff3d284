import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { explore, type Exploration } from '../../src/verify/explore.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { ReducedSystem } from '../../src/verify/reduced-system.ts';
import { leftForkFirst } from '../../test/rig/benchmark-models.ts';
import { alternate } from '../alternate.ts';
import type { Bench, Benchmark } from '../benchmark.ts';

const philosophers = 10;
/** 3^N − 1. */
const knownStates = 59_048;
const fewestStatesPerSecond = 500_000;
const mostBytesPerState = 48;
const morePhilosophers = 12;
/** Of 531,440 states. */
const knownReducedStates = 398;
const mostReducedMs = 50;

/** Plain search through the states of ten philosophers, with SPIN beside it: the same states, and nothing left out by either. */
export const benchmark: Benchmark = {
  name: 'verify',
  measure: async (bench) => {
    const pan = await compileSpin(bench);
    let bytes = 0;
    const medianOf = await alternate(bench.rounds, {
      ours: async () => {
        const begin = performance.now();
        const found = search();
        const seconds = (performance.now() - begin) / 1000;
        expectStates(found.states);
        bytes = found.bytes;
        return knownStates / seconds;
      },
      spin: async () => knownStates / (await runSpin(pan)),
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

function searchEnough(): Exploration {
  const budget = { maxStates: knownStates, mayGoOn: () => true };
  return explore(new ReducedSystem(new ModelSystem(leftForkFirst(morePhilosophers)), []), { budget, judgesEnd: true, stopsAtStuck: true, isReduced: true });
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
