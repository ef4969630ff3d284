import type { CodeEntry } from './code-entry.ts';

/** Command line, environment and bugs. */
export const codes0xx = {
  MP001: {
    slug: 'bug',
    severity: 'error',
    title: 'mpctl itself has a bug',
    explanation:
      'Something happened that the program holds to be impossible. It is never the fault of your spec or your input. ' +
      'mpctl ends with 70; what it had started is stopped. Please report the lines that were printed, ' +
      'with the spec if you can share it.',
  },
  MP002: {
    slug: 'unknown-command',
    severity: 'error',
    title: 'the command does not exist',
    explanation:
      'The first word after `mpctl` must be one of the commands that `mpctl --help` lists. A spec is not a command: ' +
      'write `mpctl run SPEC`. Wrong usage ends with 2, and nothing has been started.',
  },
  MP003: {
    slug: 'bad-flag',
    severity: 'error',
    title: 'a flag does not exist, has no value or one that it cannot take, or contradicts another flag',
    explanation:
      'A misspelt flag that was ignored would make a run do something else than what you asked for, so it is refused. ' +
      'Flags stand behind the command; `mpctl COMMAND --help` lists them with the values they take.',
  },
  MP004: {
    slug: 'bad-argument',
    severity: 'error',
    title: 'an argument is missing, is one too many, or cannot be used',
    explanation:
      'Each command says in its first line of help which arguments it takes. A list of names is given to `run` only, ' +
      'after the spec.',
  },
  MP005: {
    slug: 'command-not-in-this-version',
    severity: 'error',
    title: 'the command is planned, but not in this version',
    explanation:
      'The word belongs to the command line of mpctl and has its meaning in the reference, but this version cannot do it yet. ' +
      'It is refused by name, so that it is not mistaken for a slip of the pen.',
  },
  MP010: {
    slug: 'spec-missing',
    severity: 'error',
    title: 'the spec file does not exist',
    explanation:
      'Without an argument mpctl takes `mpctl.yaml`, then `mpctl.yml`, in the folder where it was called; it does not look in ' +
      'the folders above. The environment is not as it must be, so mpctl ends with 4.',
  },
  MP011: {
    slug: 'spec-unreadable',
    severity: 'error',
    title: 'the spec file exists, but cannot be read',
    explanation:
      'Most often the permissions of the file or of a folder above it do not let you read it. The sentence names the error of ' +
      'the operating system. mpctl ends with 4.',
  },
  MP012: {
    slug: 'folder-without-spec',
    severity: 'error',
    title: 'the folder has no spec',
    explanation: 'A folder stands for the `mpctl.yaml` or `mpctl.yml` in it, and neither is there. mpctl ends with 4.',
  },
  MP014: {
    slug: 'platform',
    severity: 'error',
    title: 'mpctl does not run on this operating system',
    explanation:
      'Process groups, POSIX signals and Unix sockets are what mpctl stops and joins processes with, and Windows has none of them. ' +
      'It runs on Linux and macOS, and on Windows within WSL 2.',
  },
  MP015: {
    slug: 'file-exists',
    severity: 'error',
    title: 'the file to be written is already there',
    explanation: '`mpctl init` writes a first spec and never replaces a file. mpctl ends with 4.',
  },
  MP016: {
    slug: 'file-not-written',
    severity: 'error',
    title: 'a file could not be written',
    explanation:
      'The sentence names the file and the error of the operating system: most often a permission or a full disk. ' +
      'mpctl ends with 4.',
  },
  MP017: {
    slug: 'unknown-code',
    severity: 'error',
    title: 'there is no such code to explain',
    explanation: 'Codes are `MP` and three digits. `mpctl explain` without a code lists all of them with their titles.',
  },
  MP018: {
    slug: 'environment-variable',
    severity: 'error',
    title: "a variable of mpctl's own environment cannot be used",
    explanation:
      '`MPCTL_MAX_FRAME` says how large a message of a program to the run may be: a size such as `4M`, from 64K to 256M. What is ' +
      'larger than 1M, the default, is better left in a file whose name is sent. mpctl ends with 4.',
  },
  MP019: {
    slug: 'no-working-folder',
    severity: 'error',
    title: 'the folder that mpctl was called in does not exist any more',
    explanation:
      'A shell stays in a folder that somebody has removed, also where one of the same name has been made again. Nothing can be found ' +
      'from there: change to a folder that exists, for example with `cd "$PWD"`. mpctl ends with 4.',
  },
  MP030: {
    slug: 'run-not-found',
    severity: 'error',
    title: 'there is no run of this name to go on from',
    explanation:
      'A run is named by its id, a part of it that no other has, or `last`. Runs are looked for beside the spec and in the state folder of the ' +
      'user, and only those of this spec are meant: `mpctl runs`, called in the folder of the spec, lists them. mpctl ends with 2.',
  },
  MP031: {
    slug: 'run-goes-on',
    severity: 'error',
    title: 'a run that goes on cannot be resumed',
    explanation:
      'Its tasks run, and would run twice. Wait for its end, or stop it: `mpctl stop --run ID` ends it as SIGTERM does, with the fate of every ' +
      'task noted. mpctl ends with 2.',
  },
  MP032: {
    slug: 'nothing-to-resume',
    severity: 'error',
    title: 'a run has no tasks that could be gone on with',
    explanation:
      'What is resumed are the tasks of pools that come from a list, `matrix`, `range`, `lines`, `glob` or `stdin`. A run without such a pool, ' +
      'or of a version of mpctl that kept no fates, begins anew: `mpctl run`. mpctl ends with 2.',
  },
  MP033: {
    slug: 'spec-has-changed',
    severity: 'warning',
    title: 'the spec is not what it was in the run that is resumed',
    explanation:
      'What has succeeded then is not run again, although it might end in another way by now. Tasks are compared by their numbers and items, ' +
      'commands are not. Where the change is to reach all tasks, run the spec anew.',
  },
  MP034: {
    slug: 'tasks-have-changed',
    severity: 'error',
    title: 'the tasks of a pool are not those of the run that is resumed',
    explanation:
      'The task of a number has another item than it had, so that what has succeeded then cannot be told any more by the numbers. Put the items ' +
      'back where they were and add new ones at the end, or run the spec anew. mpctl ends with 2, and nothing was started.',
  },
  MP035: {
    slug: 'tasks-not-matched',
    severity: 'warning',
    title: 'the tasks of a pool cannot be told by their numbers',
    explanation:
      'What a pool gets from a queue or by `submit` comes in another order each time, so nobody can say which of them has succeeded in the ' +
      'earlier run: all that come are run. The processes that make them run again as well, so the pool has all of its tasks.',
  },
  MP036: {
    slug: 'results-not-repeated',
    severity: 'warning',
    title: 'the results of an earlier run are not put into a queue again',
    explanation:
      'With `results: {queue}` the results of tasks that have succeeded before were taken by a process of that run. This run puts only those of ' +
      'the tasks that it runs. With `results: {file}` the file has all of them in the end.',
  },
  MP037: {
    slug: 'resumed-before',
    severity: 'warning',
    title: 'another run has gone on from this one before',
    explanation:
      'What has succeeded in the run that was begun in between is not known to the one that it went on from, so it runs again. Resume the ' +
      'later run, or `last`, to go on from where everything stands.',
  },
  MP038: {
    slug: 'no-schedule',
    severity: 'error',
    title: 'the file that a run is to follow cannot be read, or is no schedule of its spec',
    explanation:
      'A schedule is what `mpctl check --format json` says of one spec that can deadlock, or `{"operations": [{"instance": "a", "op": "acquire", "on": ["db"]}]}`: ' +
      'who does what to which things, one after the other. Write it anew after each change of the spec.',
  },
} as const satisfies Record<`MP0${number}`, CodeEntry>;
