import * as z from 'zod';
import { args, environment, environmentFiles } from './command.ts';
import { holds } from './holds.ts';
import {
  durationOrInterpolated,
  exitCode,
  flagOrInterpolated,
  loadTimeText,
  orInterpolated,
  path,
  reference,
  referenceOrInterpolated,
} from './leaves.ts';
import { reading } from './reading.ts';
import { output, stdin } from './streams.ts';
import { moments, stop } from './timing.ts';

const moment = z.enum(moments);

const dependency = reading(
  z.strictObject({
    condition: orInterpolated(moment)
      .optional()
      .describe(
        'The moment to wait for; default `ready` for a daemon or what has a `readiness_probe`, `success` for any other process or pool. ' +
          'Under `on_failure: stop` a failure stops the run before `failure` or `exit` lets anything start: what is to run then stands in `finally`, or what fails has `allow_failure`.',
      ),
    timeout: durationOrInterpolated.optional().describe('Longest wait; then this has failed. Default none.'),
  }),
  { called: 'a dependency', sample: '{ condition: ready }' },
);

const dependsOn = z
  .union([z.array(referenceOrInterpolated), z.record(reference, z.union([z.null(), dependency]))])
  .meta({ id: 'depends_on' });

/** What is waited for before the start, as it was written. */
export type DependsOnSpec = z.infer<typeof dependsOn>;

const startWait = z.strictObject({
  name: referenceOrInterpolated.describe('The event or barrier.'),
  timeout: durationOrInterpolated.optional().describe('Longest wait; then this has failed. Default none.'),
});

const waitFor = z.array(z.union([referenceOrInterpolated, startWait])).meta({ id: 'wait_for' });

/** Events and barriers before the start, as they were written. */
export type WaitForSpec = z.infer<typeof waitFor>;

const eventNames = z.union([referenceOrInterpolated, z.array(referenceOrInterpolated).min(1)]);

const sets = z
  .strictObject({
    start: eventNames.optional().describe('Set when its command was started.'),
    ready: eventNames.optional().describe('Set when its readiness probe has passed.'),
    success: eventNames.optional().describe('Set when it has ended well.'),
    failure: eventNames.optional().describe('Set when it has failed.'),
    exit: eventNames.optional().describe('Set when it has ended for good, in any way.'),
  })
  .meta({ id: 'sets' });

/** Events set at a moment, as they were written. */
export type SetsSpec = z.infer<typeof sets>;

const noEntry = 'leave it out: it needs no entry in `uses`';
const noEntryForPipes = 'leave it out: the two ends of a pipe need no entry in `uses`';

const useVerb = reading(z.enum(['put', 'get', 'task_done', 'set', 'wait', 'notify', 'submit', 'start', 'acquire']), {
  misplaced: {
    send: noEntryForPipes,
    recv: noEntryForPipes,
    poll: noEntryForPipes,
    join: noEntry,
    load: noEntry,
    store: noEntry,
    add: noEntry,
    result: 'write `submit`, which covers it',
    clear: 'write `set`, which covers it',
    abort: 'write `wait`, which covers it',
    reset: 'write `wait`, which covers it',
    terminate: 'write `start`, which covers it',
    kill: 'write `start`, which covers it',
    release: 'write `acquire`, which covers it',
  },
});
const useVerbs = reading(z.union([useVerb, z.array(useVerb).min(1)]), { sample: 'put' });
const uses = z.record(reference, useVerbs).meta({ id: 'uses' });

/** What a program does through the worker API, as it was written. */
export type UsesSpec = z.infer<typeof uses>;

/** The keys that processes and pools share. */
export const workKeys = {
  description: loadTimeText.optional().describe('What it is for.'),
  args: args.optional().describe('Appended to a list command; `$1`, `$2` … of a string command.'),
  working_dir: path.optional().describe("Where it runs, relative to the spec's `working_dir`."),
  environment: environment.optional().describe("Variables, as a map or a list of `NAME=VALUE`; a name without a value passes mpctl's own on, and `mpctl run --env` wins over all of them."),
  env_file: environmentFiles.optional().describe('Files of variables, below `environment`.'),
  depends_on: dependsOn.optional().describe('Processes and pools to wait for: a list, or a map to `{condition, timeout}`.'),
  wait_for: waitFor.optional().describe('Events and barriers to wait for before the start.'),
  with: holds.optional().describe('Locks and permits that are held: from start to exit, in a pool per task.'),
  sets: sets.optional().describe('Events that are set at a moment of its life.'),
  uses: uses.optional().describe('What its program does through the worker API: names to one verb or a list. Pipes, values, looking, joining and waiting for an event need no entry.'),
  stdin: stdin.optional().describe('`null` (default), `inherit`, `{text}`, `{file}` or `{queue, format}`.'),
  stdout: output.optional().describe('`log` (default), `inherit`, `null`, `{file}` or `{queue, format}`.'),
  stderr: output.optional().describe('`log` (default), `inherit`, `null`, `{file}` or `{queue, format}`.'),
  success_exit_codes: z.array(orInterpolated(reading(exitCode, { outside: 'leave it out: no process ends with it' }))).min(1).default([0]).describe('Exit codes that are a success.'),
  allow_failure: flagOrInterpolated
    .default(false)
    .describe('`true`: its failure does not fail the run; to its dependents it has failed.'),
  stop: stop.optional().describe("How it is stopped; what is left out is the spec's `stop`."),
  autostart: flagOrInterpolated
    .default(true)
    .describe('`false`: started by a `start` step, by a program that `uses` it, or by `mpctl start` from another terminal.'),
};
