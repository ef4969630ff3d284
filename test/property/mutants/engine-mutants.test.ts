import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEngineWith, type EngineMutant } from '../../rig/virtual-mutant.ts';
import type { WorldOptions } from '../../rig/world-options.ts';
import { interruptedRun, planOrNull, quietRun, runBothWays, type RandomRun } from '../engine/run-spec.ts';

const mutants: readonly EngineMutant[] = [
  {
    fault: 'SIGKILL is never sent when the grace period is over',
    file: 'process-life.ts',
    find: "  signalGroup(context, state, 'SIGKILL');\n}\n\n/** The stop command",
    replace: '}\n\n/** The stop command',
  },
  {
    fault: 'what an attempt held is kept until the end for good',
    file: 'release-holds.ts',
    find: "  context.effect({ type: 'owner_ended', instance, final });",
    replace: "  if (final && context.run.phase !== 'main') context.effect({ type: 'owner_ended', instance, final });",
  },
  {
    fault: 'a moment counts as come when it has only begun to be possible',
    file: 'moments.ts',
    find: "if (end?.state === 'succeeded') return 'met';",
    replace: "if (unit.hasStarted) return 'met';",
  },
  {
    fault: 'what is held is released before the command has ended',
    file: 'instance-life.ts',
    find: "  hasStarted(context, state, process.pid);",
    replace: "  hasStarted(context, state, process.pid);\n  releaseHolds(context, state);",
  },
  {
    fault: 'a restart knows no limit',
    file: 'restart.ts',
    find: 'if (recentMs.length >= count)',
    replace: 'if (recentMs.length < 0)',
  },
  {
    fault: 'stopping takes dependencies before dependents',
    file: 'run-life.ts',
    find: 'if (!isNeeded) stopUnit',
    replace: 'stopUnit',
  },
  {
    fault: 'a failure that counts ends the run with 0',
    file: 'run-end.ts',
    find: 'return firstFailure === null\n',
    replace: 'return firstFailure !== null\n',
  },
  {
    fault: 'a deadlock is never looked for',
    file: 'engine.ts',
    find: 'const deadlock = this.#deadlocks.find();',
    replace: 'const deadlock: ReturnType<typeof findDeadlock> = null as ReturnType<typeof findDeadlock>;',
  },
];

/** Runs of a kind that random ones are seldom. */
const chosenRuns: readonly RandomRun[] = [
  {
    spec: {
      processes: {
        a: { command: 'trap SIGTERM 20 0; forever' },
        b: { command: 'trap SIGTERM 20 0; forever', depends_on: { a: { condition: 'start' } } },
      },
    },
    seed: 1,
    signals: [{ atMs: 50, signal: 'SIGINT' }],
  },
  {
    spec: {
      on_failure: 'continue',
      locks: { file: null },
      processes: {
        a: { command: 'exit 1', with: ['file'], restart: 'on_failure', max_restarts: 1 },
        b: { command: 'sleep 5', with: ['file'] },
      },
    },
    seed: 2,
    signals: [],
  },
  {
    spec: {
      locks: { left: null, right: null },
      processes: {
        a: { steps: [{ acquire: 'left' }, { sleep: '9ms' }, { acquire: 'right' }] },
        b: { steps: [{ acquire: 'right' }, { sleep: '9ms' }, { acquire: 'left' }] },
      },
    },
    seed: 3,
    signals: [],
  },
];
const seeded = { seed: 20_260_101, numRuns: 100 };

/** The same runs for everybody: what is wrong with a mutant is found by these, or not at all. */
const runs = [...chosenRuns, ...fc.sample(quietRun, seeded), ...fc.sample(interruptedRun, seeded)].flatMap((run) => {
  const plan = planOrNull(run.spec);
  return plan === null ? [] : [{ run, plan }];
});

function accepts(options: WorldOptions): boolean {
  try {
    for (const { run, plan } of runs) runBothWays(plan, run, options);
    return true;
  } catch {
    return false;
  }
}

it('passes as it is', () => {
  expect(accepts({})).toBe(true);
});

it.each(mutants.map((mutant) => [mutant.fault, mutant] as const))('is rejected: %s', async (_, mutant) => {
  expect(accepts({ createEngine: await createEngineWith(mutant) })).toBe(false);
});
