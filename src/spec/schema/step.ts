import * as z from 'zod';
import { args, command, environment } from './command.ts';
import { holds } from './holds.ts';
import {
  anyNumber,
  count,
  durationOrInterpolated,
  exitCode,
  flagOrInterpolated,
  integer,
  json,
  orInterpolated,
  path,
  positiveCount,
  referenceOrInterpolated,
  text,
  variable,
} from './leaves.ts';
import { reading } from './reading.ts';

type StepList = z.ZodArray<typeof step>;
type OnTimeout = z.ZodOptional<z.ZodUnion<readonly [z.ZodEnum<{ fail: 'fail'; continue: 'continue' }>, StepList]>>;

const plain = {
  allow_failure: flagOrInterpolated.default(false).describe('`true`: a failure of this step does not fail the process.'),
};

const outcome = variable.optional().describe('Variable that takes `true`, or `false` where the time ran out.');
const told = { ...plain, as: outcome };

/** What every step that can wait takes. A getter, because `on_timeout` holds steps itself. */
const waiting = {
  ...plain,
  timeout: durationOrInterpolated.optional().describe('Longest wait; default without limit.'),
  block: flagOrInterpolated.default(true).describe('`false`: does not wait at all, a timeout of zero.'),
  get on_timeout(): OnTimeout {
    return z
      .union([z.enum(['fail', 'continue']), stepList()])
      .optional()
      .describe(
        'When the time runs out: `fail`, `continue`, or the steps to run instead; default `fail`, and `continue` where `as` takes a true/false.',
      );
  },
};

const item = json.describe('The item: any value.');
const items = orInterpolatedList().describe('Several items, one after the other.');
const steps = 'The steps to run.';

const run = z
  .strictObject({
    run: command.describe('Runs a command and waits for its end.'),
    as: variable.optional().describe('Variable that takes its stdout without the last newlines; then it is not logged.'),
    args: args.optional().describe('Appended to a list command; `$1`, `$2` … of a string command.'),
    environment: environment.optional().describe('Variables on top of those of the process.'),
    working_dir: path.optional().describe('Where it runs, relative to the `working_dir` of the process.'),
  })
  .extend(waiting)
  .omit({ block: true });

const print = z.lazy(() =>
  z.strictObject({ print: reading(text.describe('A line on the stdout of the process.'), { noShell: true }), ...plain }),
);

const sleep = z.lazy(() =>
  z.strictObject({ sleep: durationOrInterpolated.describe('Waits that long.'), ...plain }),
);

const acquire = z
  .strictObject({ acquire: holds.describe('Takes locks and permits, all or nothing.'), as: outcome })
  .extend(waiting);

const release = z.lazy(() =>
  z.strictObject({ release: holds.describe('Gives locks and permits back.'), ...told }),
);

const withStep = z
  .strictObject({
    with: holds.describe('Takes locks and permits, runs `do`, gives them back on every way out.'),
    get do(): StepList {
      return stepList().describe(steps);
    },
    as: outcome,
  })
  .extend(waiting);

const set = z.lazy(() =>
  z.strictObject({ set: referenceOrInterpolated.describe('Sets an event.'), ...told }),
);

const clear = z.lazy(() =>
  z.strictObject({ clear: referenceOrInterpolated.describe('Clears an event.'), ...told }),
);

const wait = z
  .strictObject({
    wait: referenceOrInterpolated.describe(
      'An event: until it is set · a barrier: arrives and waits · a condition: waits, with its lock held.',
    ),
    as: variable.optional().describe('Variable that takes `true` or `false`, or the index of arrival at a barrier.'),
  })
  .extend(waiting);

const notify = z.lazy(() =>
  z.strictObject({
    notify: referenceOrInterpolated.describe('Wakes those who wait on a condition, with its lock held.'),
    count: orInterpolated(z.union([positiveCount, z.enum(['all'])]))
      .default(1)
      .describe('How many: a number or `all`.'),
    ...told,
  }),
);

const abort = z.lazy(() =>
  z.strictObject({ abort: referenceOrInterpolated.describe('Breaks a barrier.'), ...told }),
);

const reset = z.lazy(() =>
  z.strictObject({ reset: referenceOrInterpolated.describe('Makes a barrier whole again.'), ...told }),
);

const put = reading(
  z
    .strictObject({
      put: referenceOrInterpolated.describe('Puts into a queue.'),
      item: item.optional(),
      items: items.optional(),
      priority: orInterpolated(integer).default(0).describe('For `order: priority`: the lowest comes out first.'),
      as: outcome,
    })
    .extend(waiting),
  { exactlyOne: ['item', 'items'] },
);

const get = z
  .strictObject({
    get: referenceOrInterpolated.describe('Takes an item from a queue.'),
    as: variable.optional().describe('Variable that takes the item.'),
  })
  .extend(waiting);

const recv = z
  .strictObject({
    recv: referenceOrInterpolated.describe('Takes a message from a pipe.'),
    as: variable.optional().describe('Variable that takes the message.'),
  })
  .extend(waiting);

const each = z
  .strictObject({
    each: referenceOrInterpolated.describe('Runs `do` once per item of a queue or message of a pipe, until its end.'),
    as: variable.optional().describe('Variable that takes the item.'),
    get do(): StepList {
      return stepList().describe(steps);
    },
  })
  .extend(waiting);

const taskDone = z.lazy(() =>
  z.strictObject({
    task_done: referenceOrInterpolated.describe('The oldest item this process has in hand is done.'),
    ...told,
  }),
);

const join = z
  .strictObject({
    join: referenceOrInterpolated.describe(
      'A queue: until every item is done · a process or pool: until it has ended for good.',
    ),
    as: outcome,
  })
  .extend(waiting);

const send = z
  .strictObject({ send: referenceOrInterpolated.describe('Sends a message into a pipe.'), item, as: outcome })
  .extend(waiting);

const close = z.lazy(() =>
  z.strictObject({
    close: referenceOrInterpolated.describe('This process puts, sends or submits no more to this queue, pipe or pool.'),
    ...told,
  }),
);

const submit = z.lazy(() =>
  reading(
    z.strictObject({
      submit: referenceOrInterpolated.describe('Gives a pool tasks, and does not wait.'),
      item: item.optional(),
      items: items.optional(),
      as: variable.optional().describe('Handle for a `result` step.'),
      ...plain,
    }),
    { exactlyOne: ['item', 'items'] },
  ),
);

const result = z
  .strictObject({
    result: orInterpolated(variable).describe('Waits for what was submitted under this handle.'),
    as: variable.optional().describe('Variable that takes the value; a list where `items` were submitted.'),
  })
  .extend(waiting);

const start = z.lazy(() =>
  z.strictObject({
    start: referenceOrInterpolated.describe('Starts a process or pool that has `autostart: false` or has ended.'),
    ...told,
  }),
);

const terminate = z.lazy(() =>
  z.strictObject({
    terminate: referenceOrInterpolated.describe('Stops a process or pool as its `stop` says.'),
    ...told,
  }),
);

const kill = z.lazy(() =>
  z.strictObject({ kill: referenceOrInterpolated.describe('Kills a process or pool at once.'), ...told }),
);

const add = z.lazy(() =>
  z.strictObject({
    add: referenceOrInterpolated.describe('Adds to a shared value.'),
    by: reading(orInterpolated(anyNumber), { atRunTime: true }).default(1).describe('How much.'),
    as: variable.optional().describe('Variable that takes the new value.'),
    ...plain,
  }),
);

const store = z.lazy(() =>
  z.strictObject({ store: referenceOrInterpolated.describe('Replaces a shared value.'), item, ...told }),
);

const load = z.lazy(() =>
  z.strictObject({
    load: referenceOrInterpolated.describe('Reads a shared value.'),
    as: variable.optional().describe('Variable that takes the value.'),
    ...plain,
  }),
);

const repeat = z.strictObject({
  repeat: orInterpolated(z.union([count, z.enum(['forever']), z.array(json)])).describe(
    'Runs `do` that often, `forever`, or once per element of the list.',
  ),
  as: variable.optional().describe('Variable that takes the index from 0, or the element.'),
  get do(): StepList {
    return stepList().describe(steps);
  },
  ...plain,
});

const exit = z.lazy(() =>
  z.strictObject({ exit: reading(orInterpolated(exitCode), { atRunTime: true, sample: '1' }).describe('Ends this process with that code.'), ...plain }),
);

const shutdown = z.lazy(() =>
  z.strictObject({
    shutdown: reading(orInterpolated(exitCode), { atRunTime: true }).describe('Asks the orchestrator to end the whole run with that code.'),
    ...plain,
  }),
);

/** One step; the first key of each kind is its verb. */
export const step = reading(
  z.union([
    run,
    print,
    sleep,
    acquire,
    release,
    withStep,
    set,
    clear,
    wait,
    notify,
    abort,
    reset,
    put,
    get,
    recv,
    each,
    taskDone,
    join,
    send,
    close,
    submit,
    result,
    start,
    terminate,
    kill,
    add,
    store,
    load,
    repeat,
    exit,
    shutdown,
  ]),
  { called: 'a step' },
).meta({ id: 'step' });

/** One step as it was written, with its defaults. */
export type StepSpec = z.infer<typeof step>;

function stepList(): StepList {
  return z.array(step).min(1);
}

function orInterpolatedList(): z.ZodUnion<readonly [z.ZodArray<typeof json>, ReturnType<typeof listTemplate>]> {
  return z.union([z.array(json), listTemplate()]);
}

function listTemplate(): z.ZodString {
  return reading(z.string().regex(/\$\{\{/), { text: true, expected: 'a list, or one `${{ }}` that gives a list' });
}
