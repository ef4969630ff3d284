import * as z from 'zod';
import { command } from './command.ts';
import {
  fileName,
  integer,
  longestTimeOrInterpolated,
  orInterpolated,
  percentage,
  positiveCount,
  positiveCountOrInterpolated,
  referenceOrInterpolated,
  text,
  textualJson,
} from './leaves.ts';
import { matrix } from './matrix.ts';
import { reading } from './reading.ts';
import { step } from './step.ts';
import { format } from './streams.ts';
import { backoff } from './timing.ts';
import { workKeys } from './work.ts';

const rangeShape = reading(z.array(orInterpolated(integer)).min(2).max(3), {
  expected: 'a list of two or three whole numbers',
  bareForm: (written) => rangeIn(written) ?? '[1, 10]',
});

/** `10`, `1..10` or `1-10`. */
function rangeIn(written: string): string | null {
  const numbers = /^(?:(?<from>\d+) ?(?:\.\.|-| ) ?)?(?<to>\d+)$/.exec(written)?.groups;
  return numbers === undefined ? null : `[${numbers['from'] ?? '1'}, ${numbers['to'] ?? ''}]`;
}

const tasks = z.lazy(() =>
  reading(
    z.union([
      z.array(textualJson),
      z.strictObject({ queue: referenceOrInterpolated.describe('A task per item of this queue, until its end.'), format }),
      z.strictObject({ matrix: matrix.describe('A task per combination.') }),
      z.strictObject({ lines: fileName.describe('A task per line of this file, without its newline or CR LF. It must be there when the pool starts; `check` looks for that of a pool that waits for nothing.'), format }),
      z.strictObject({ glob: text.describe('A task per file that matches, sorted.') }),
      z.strictObject({ range: rangeShape.describe('A task per whole number, both ends included; a third number is the step.') }),
      z.strictObject({ stdin: z.enum(['lines']).describe("A task per line of mpctl's own stdin, without its newline or CR LF."), format }),
    ]),
    { called: 'the tasks', sample: '[TASK, TASK]', bareForm: tasksFor },
  ).meta({ id: 'tasks' }),
);

/** A pattern, a number of tasks, standard input, or a file with one in each line. */
function tasksFor(written: string): string {
  const range = rangeIn(written);
  if (range !== null) return `{ range: ${range} }`;
  if (written === 'stdin' || written === '-') return '{ stdin: lines }';
  return /[*?]/.test(written) ? `{ glob: "${written}" }` : `{ lines: ${written} }`;
}

/** Where tasks come from, as it was written. */
export type TasksSpec = z.infer<typeof tasks>;

const results = z.lazy(() =>
  z.union([
    z.strictObject({ file: fileName.describe('A file of one JSON object per task, but for those of which a pool that was stopped or halted says that they were not begun; each run writes it anew, and one that is resumed goes on with it. With a named pipe the pool waits for whoever reads it. A value over 64 MiB is null, and `output` names the file in the run folder that has it.') }),
    z.strictObject({ queue: referenceOrInterpolated.describe('A queue that gets one object per task.') }),
  ]),
);

/** The fates of a task that a retry may answer. */
export const retryFates = ['failed', 'signalled', 'timed_out', 'lost'] as const;

const retry = z.lazy(() =>
  z.strictObject({
    attempts: positiveCountOrInterpolated.default(1).describe('Attempts of a task, the first one included.'),
    backoff: backoff.prefault({}).describe('Delay before the next attempt.'),
    on: z.array(z.enum(retryFates)).min(1).default([...retryFates]).describe('The fates that are tried again.'),
  }),
);

const halt = z.lazy(() =>
  z.strictObject({
    after: orInterpolated(z.union([positiveCount, percentage])).describe('Failed tasks that stop the pool: a number, or a share of all tasks such as `10%`; while nobody knows how many there will be, a share of those that have ended, from the third failure on.'),
  }),
);

/** Many tasks over a fixed number of slots: exactly one of `command`, `worker` and `steps`. */
export const pool = z.lazy(() =>
  reading(
    z.strictObject({
      workers: orInterpolated(z.union([positiveCount, z.enum(['cpus'])]))
        .default('cpus')
        .describe('How many tasks at once: a number or `cpus`.'),
      command: command.optional().describe('Runs once per task; the item is `${{ item }}` in a list, `$MPCTL_ITEM` in a script.'),
      worker: command.optional().describe('A long-lived program in each slot: it reads a task a line, `{"task":0,"item":…}`, and writes `{"task":0,"result":…}` or `{"task":0,"error":"…"}`.'),
      steps: z.array(step).min(1).optional().describe('Steps per task.'),
      tasks: tasks.optional().describe('Where the tasks come from; without it from `submit` alone. In a list, `3.10`, `1`, `true` and `null` are text as they are written, as in a matrix: items of other types come from a queue (`{queue}` of one with `items`), from `lines` with `format: json`, or from `submit`.'),
      chunk: positiveCountOrInterpolated.default(1).describe('Tasks that a `worker` is handed at a time; one where they come from a queue, or hold something by `with` or `max_parallel`.'),
      order: orInterpolated(z.enum(['input', 'completion']))
        .default('input')
        .describe('Order of the results: `input`, as `map`, or `completion`, as `imap_unordered`.'),
      results: results.optional().describe('`{file}` or `{queue}`: one object per task.'),
      timeout: longestTimeOrInterpolated.optional().describe('Per attempt of a task. Default none.'),
      retry: retry.prefault({}).describe('When a task is tried again.'),
      halt: halt.optional().describe('Failures that stop the pool; default never, and the pool fails at the end.'),
      on_halt: orInterpolated(z.enum(['finish_running', 'kill']))
        .default('finish_running')
        .describe('What a halt does to the tasks that run: `finish_running` or `kill`.'),
      max_tasks_per_worker: positiveCountOrInterpolated.optional().describe('A `worker` is replaced after so many tasks.'),
      initializer: command.optional().describe('Runs before each `worker`, in its slot; where it fails, the pool does.'),
      joblog: fileName.optional().describe("A file with GNU parallel's columns. A task has one line, of its last attempt, and none if it was cancelled or a halt has killed it; a newline in its command is a NUL. A task made of steps has `# POOL ITEM` for its command, which no shell can run."),
      jobserver: z
        .boolean()
        .default(false)
        .describe("`true`: offers make's jobserver to the tasks, so that all of them and the makes in them run no more than `workers` jobs at once."),
      ...workKeys,
    }),
    { called: 'a pool', exactlyOne: ['command', 'worker', 'steps'] },
  ).meta({ id: 'pool' }),
);

/** A pool as it was written, with its defaults. */
export type PoolSpec = z.infer<typeof pool>;
