import * as z from 'zod';
import { command } from './command.ts';
import {
  byteSize,
  countOrInterpolated,
  durationOrInterpolated,
  flagOrInterpolated,
  longestTimeOrInterpolated,
  orInterpolated,
  positiveCountOrInterpolated,
} from './leaves.ts';
import { matrix } from './matrix.ts';
import { livenessProbe, readinessProbe } from './probe.ts';
import { reading } from './reading.ts';
import { step } from './step.ts';
import { backoff } from './timing.ts';
import { workKeys } from './work.ts';

const restartLimit = z.strictObject({
  count: countOrInterpolated.default(5).describe('So many restarts at most.'),
  within: durationOrInterpolated.default('1m').describe('Within this time.'),
});

const rotatedLog = z.strictObject({
  max_size: orInterpolated(byteSize).default('50M').describe('Size at which a log file is rotated.'),
  keep: countOrInterpolated.default(10).describe('How many rotated files are kept.'),
  max_line: orInterpolated(byteSize).default('64K').describe('Longest line that is shown; a longer one is shown as several, and is whole in the log.'),
});

const log = z
  .union([z.enum(['direct']), rotatedLog])
  .default({ max_size: '50M', keep: 10, max_line: '64K' })
  .describe("Rotation of this instance's log files, and how long the lines are that are shown; or `direct`: what it writes goes into its log file without mpctl, which shows none of it and rotates nothing.");

/** A process, a daemon or a `finally` process: exactly one of `command` and `steps`. */
export const process = reading(
  z.strictObject({
    command: command.optional().describe('What runs: a list is an argv, a string a script for the `shell`. What it leaves running in the background is stopped when it ends: what is to go on is a daemon.'),
    steps: z.array(step).min(1).optional().describe('Steps instead of a command; `mpctl check` reasons about them.'),
    replicas: positiveCountOrInterpolated.optional().describe('So many instances, `NAME-1` to `NAME-n`.'),
    matrix: matrix.optional().describe('One instance per combination of values, as in GitHub Actions.'),
    ...workKeys,
    readiness_probe: readinessProbe.optional().describe('How it is found out that it is ready.'),
    liveness_probe: livenessProbe.optional().describe('How it is found out that it still works; failing it counts as a crash.'),
    restart: reading(orInterpolated(z.enum(['no', 'on_failure', 'always'])), {
      sample: 'on_failure',
      beside: 'how often and after what delay are keys beside it: `max_restarts: 3`, `backoff: {initial: 1s}`',
    })
      .default('no')
      .describe('`no` · `on_failure` · `always`, which declares it endless.'),
    max_restarts: z
      .union([countOrInterpolated, restartLimit])
      .default({ count: 5, within: '1m' })
      .describe('`{count, within}`, or a number: in total.'),
    backoff: backoff.prefault({}).describe('Delay before a restart.'),
    timeout: longestTimeOrInterpolated.optional().describe('Running time of an attempt; then it is stopped and has failed. Default none.'),
    tty: flagOrInterpolated.default(false).describe('`true`: runs in a pseudo-terminal.'),
    log,
  }),
  { called: 'a process', exactlyOne: ['command', 'steps'] },
).meta({ id: 'process' });

/** A process as it was written, with its defaults. */
export type ProcessSpec = z.infer<typeof process>;
