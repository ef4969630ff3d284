import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const minuteMs = 60_000;

/** Kinds of test that share nothing: their files run beside each other. */
const parallelKinds = ['unit', 'property', 'simulation', 'golden', 'architecture', 'conformance'];

/**
 * Kinds of test that start processes, send signals and count what is left alive. One file at a time: time
 * is the subject of some, such as a grace period, and another file beside them would take it from them.
 */
const serialKinds = ['process', 'e2e'];

export default defineConfig({
  test: {
    // A test that fails once in ten is a bug in the test or in the product; neither is repeated away.
    retry: 0,
    // Outside CI, too: an `only` leaves out all others.
    allowOnly: false,
    projects: [
      ...parallelKinds.map((name) => ({
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          setupFiles: name === 'property' ? ['test/rig/draw-the-same.ts'] : [],
          // Hundreds of small files import the same modules, which takes as long as their tests. What counts the work of a process, or all of its schemas, is of another kind.
          isolate: name !== 'unit',
          // As many as there are processors: vitest leaves one of them out, which is half of the machine where there are two.
          maxWorkers: availableParallelism(),
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
        },
      })),
      ...serialKinds.map((name, index) => ({
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          pool: 'forks' as const,
          fileParallelism: false,
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
          // One kind after the other, so that the load of one does not reach the next.
          sequence: { groupOrder: index + 1 },
        },
      })),
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // Two files at a time, also on two cores: each has a PID namespace to itself, and its bounds are those of a loaded machine.
          maxWorkers: 2,
          pool: 'forks' as const,
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
          sequence: { groupOrder: serialKinds.length + 1 },
        },
      },
    ],
  },
});
