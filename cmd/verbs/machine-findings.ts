import type { MachineFacts } from '../../src/runtime/machine-facts.ts';

/** What is said of one thing that a run depends on. */
export interface MachineFinding {
  readonly subject: string;
  /** `less`: runs go on, with less than they could have; `missing`: something of them does not work. */
  readonly state: 'fine' | 'less' | 'missing';
  readonly says: string;
}

const fewFiles = 1024;

/** What the facts about a machine mean for the runs on it. */
export function machineFindings(facts: MachineFacts): readonly MachineFinding[] {
  const { platform, seesMarks, missingTools, hasPerl, hasPython, runsFolder, hasSocketPlace, openFiles, isFirstProcess } = facts;
  return [
    seesMarks
      ? {
          subject: 'containment',
          state: 'fine',
          says: '`marker`: every process is ended that is in a group of the run or has its mark in the environment; one that has left its group and emptied its environment (`env -i setsid …`) is not found',
        }
      : { subject: 'containment', state: 'less', says: `\`group\`: on ${platform} no process is found that has left its group (\`setsid\`)` },
    missingTools.length === 0
      ? { subject: 'guardian', state: 'fine', says: 'everything ends within the grace period where mpctl is killed' }
      : { subject: 'guardian', state: 'missing', says: `it needs ${missingTools.map((name) => `\`${name}\``).join(', ')} in \`PATH\`: where mpctl is killed, what it has started may go on` },
    runsFolder === null
      ? { subject: 'traces', state: 'missing', says: 'no run can be started: neither this folder nor the state folder can be written (`XDG_STATE_HOME`)' }
      : { subject: 'traces', state: 'fine', says: `logs and records are in ${runsFolder}` },
    hasSocketPlace
      ? { subject: 'socket', state: 'fine', says: 'programs reach the primitives of their run' }
      : { subject: 'socket', state: 'missing', says: 'programs cannot reach the primitives: set `XDG_RUNTIME_DIR` to a folder of your own with a short path' },
    openFiles !== null && openFiles < fewFiles
      ? { subject: 'open files', state: 'less', says: `${openFiles} at once are few for many processes: \`ulimit -n 4096\`` }
      : { subject: 'open files', state: 'fine', says: openFiles === null ? 'no limit is known' : `${openFiles} at once` },
    hasPerl
      ? { subject: 'launcher', state: 'fine', says: 'many short commands are started by `perl`, which takes less of the time of mpctl' }
      : { subject: 'launcher', state: 'less', says: 'there is no `perl`: many short commands start somewhat more slowly' },
    hasPerl || hasPython
      ? { subject: 'sd_notify', state: 'fine', says: `\`${hasPerl ? 'perl' : 'python3'}\` has the sockets through which programs say that they are ready (\`NOTIFY_SOCKET\`)` }
      : { subject: 'sd_notify', state: 'less', says: 'there is neither `perl` nor `python3` for the sockets of `NOTIFY_SOCKET`: programs can only say `mpctl ready`' },
    ...(isFirstProcess
      ? [{ subject: 'process 1', state: 'less', says: 'nobody reaps the orphans of this container: start it with an init (`docker run --init`)' } as const]
      : []),
  ];
}
