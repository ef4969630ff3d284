import * as z from 'zod';
import { command } from './command.ts';
import { durationOrInterpolated, factor, orInterpolated, share, signal } from './leaves.ts';

/** How a process, or every process, is stopped. */
export const stop = z
  .strictObject({
    signal: orInterpolated(signal).optional().describe('The signal that asks it to end; default `SIGTERM`.'),
    grace_period: durationOrInterpolated
      .optional()
      .describe('Time between that signal and SIGKILL for the whole group; default `5s`.'),
    command: command.optional().describe('Runs first; then the signal goes to what is still alive.'),
  })
  .meta({ id: 'stop' });

/** How something is stopped, as it was written. */
export type StopSpec = z.infer<typeof stop>;

/** The delay between attempts. */
export const backoff = z
  .strictObject({
    initial: durationOrInterpolated.default('200ms').describe('Delay before the second attempt.'),
    max: durationOrInterpolated.default('30s').describe('Longest delay.'),
    factor: orInterpolated(factor).default(2).describe('How much longer each delay is than the one before.'),
    jitter: orInterpolated(share).default(0.1).describe('Share by which a delay is varied at random, both ways.'),
  })
  .meta({ id: 'backoff' });

/** Delay between attempts, as it was written and with its defaults. */
export type BackoffSpec = z.infer<typeof backoff>;

/** The moments in the life of a process or pool. */
export const moments = ['start', 'ready', 'success', 'failure', 'exit'] as const;
