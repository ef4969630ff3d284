import type { CodeEntry } from './code-entry.ts';

/** Pools. */
export const codes6xx = {
  MP601: {
    slug: 'pool-starvation',
    severity: 'note',
    certainty: 'possible',
    title: 'tasks of a pool may wait for tasks that the same workers would have to run',
    explanation:
      'A task that waits for the result of another keeps its worker meanwhile. Where that one is of the same pool, and all workers wait so, nobody is left to run it: the deadlock of every pool of bounded size. ' +
      'It keeps its slot of `max_parallel` as well, as does a process that waits for a result: where all slots are kept so, none is left for the task. ' +
      'Whether a program waits for what it submits, the spec does not say; a crawler, which only submits, need not care.',
  },
  MP606: {
    slug: 'workers-exceed-permits',
    severity: 'note',
    certainty: 'every run',
    title: 'a pool has more workers than can hold what each task needs',
    explanation:
      'A task takes what stands under `with` together with its worker, in one step, and keeps it to its end. With fewer permits than workers some workers never have anything to do. ' +
      'Lower `workers`, raise the permits, or take the lock by a step or in the program, around the part that needs it.',
  },
  MP607: {
    slug: 'pool-without-tasks',
    severity: 'warning',
    certainty: 'possible',
    title: 'a pool gets no task from anybody',
    explanation:
      'Without `tasks` a pool gets its tasks from `submit` alone, and nobody submits here, neither by a step nor by a ' +
      'declared program. Such a pool ends at once as a success, which is seldom what was meant.',
  },
  MP608: {
    slug: 'result-before-submit',
    severity: 'error',
    certainty: 'every run',
    title: 'a result is awaited that no step before has submitted',
    explanation:
      '`submit: POOL` with `as: NAME` keeps a handle, and `result: NAME` waits for its task. The `submit` must stand ' +
      'before the `result` in the steps of the same process.',
  },
  MP609: {
    slug: 'worker-key-without-worker',
    severity: 'error',
    certainty: 'every run',
    title: 'a key that only a long-lived `worker` has stands in a pool without one',
    explanation:
      '`chunk`, `initializer` and `max_tasks_per_worker` are about long-lived workers. With `command` or `steps` a slot runs ' +
      'something anew for each task, and they would be without effect.',
  },
  MP610: {
    slug: 'stream-of-a-worker',
    severity: 'error',
    certainty: 'every run',
    title: 'a stream that a long-lived `worker` needs itself is used for something else',
    explanation:
      'A long-lived `worker` reads its tasks from standard input and writes its answers to standard output. `results` says where the ' +
      'answers go; without it each is logged as a line, unless `stdout` is `null`. What the worker has to say otherwise goes to standard error.',
  },
  MP611: {
    slug: 'tasks-unreadable',
    severity: 'error',
    certainty: 'every run',
    title: 'the tasks of a pool cannot be read',
    explanation:
      'The file that `lines` names is not there, is a folder, or may not be read; or a line of it is not the JSON that `format: json` says. ' +
      'A pool that waits for nothing reads its file when the run begins, so `check` looks for that one, and `run` starts nothing and ends with 4. ' +
      'Of a pool that waits for others the file may still have to be made: that pool fails when it cannot be read then, and the tasks that it has read before have their fates.',
  },
  MP612: {
    slug: 'chunk-without-effect',
    severity: 'warning',
    certainty: 'every run',
    title: 'tasks are handed to a worker one at a time, whatever `chunk` says',
    explanation:
      'A worker is not handed a task before it can run: an item of a queue is there for whoever is free first, and what a task holds, by `with` or as a ' +
      'slot of `max_parallel`, others would wait for meanwhile. So `chunk` is for tasks from all other sources that hold nothing.',
  },
  MP613: {
    slug: 'stdin-shared',
    severity: 'warning',
    certainty: 'some interleaving',
    title: 'a pool takes its tasks from a standard input that others read too',
    explanation:
      'There is one standard input of mpctl, and whatever one has read of it another does not see. Of two pools with `tasks: { stdin: lines }`, or one beside ' +
      'a process with `stdin: inherit`, the first that comes may take all of it, and the other ends without a task.',
  },
} as const satisfies Record<`MP6${number}`, CodeEntry>;
