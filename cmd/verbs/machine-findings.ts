import type { CgroupPlace } from '../../src/runtime/containment/find-cgroup.ts';
import type { NamespaceMaker } from '../../src/runtime/containment/find-namespace.ts';
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
  const { missingTools, hasPerl, hasPython, runsFolder, hasSocketPlace, openFiles, isFirstProcess } = facts;
  return [
    inForce(facts),
    cgroupFinding(facts.cgroup),
    namespaceFinding(facts.namespace),
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

/** What a run has that asks for nothing. */
function inForce({ platform, seesMarks, cgroup }: MachineFacts): MachineFinding {
  const subject = 'containment';
  if (cgroup.type === 'folder' && cgroup.isDelegated) {
    return { subject, state: 'fine', says: '`cgroup`: every process is ended that a run has started, whatever it does to its group and its environment' };
  }
  if (!seesMarks) return { subject, state: 'less', says: `\`group\`: on ${platform} no process is found that has left its group (\`setsid\`)` };
  return {
    subject,
    state: 'fine',
    says: '`marker`: every process is ended that is in a group of the run or has its mark in the environment; one that has left its group and emptied its environment (`env -i setsid …`) is not found',
  };
}

function cgroupFinding(cgroup: CgroupPlace): MachineFinding {
  const subject = 'cgroup';
  if (cgroup.type === 'none') return { subject, state: 'less', says: `\`containment: cgroup\` cannot be had: ${cgroup.why}` };
  const { folder, isDelegated } = cgroup;
  if (isDelegated) return { subject, state: 'fine', says: `runs make theirs in ${folder}` };
  return { subject, state: 'fine', says: `\`containment: cgroup\` can be had in ${folder}; \`auto\` does not take it, since nothing says that systemd has delegated it` };
}

function namespaceFinding(namespace: NamespaceMaker): MachineFinding {
  const subject = 'PID namespace';
  if (namespace.type === 'none') return { subject, state: 'less', says: `\`containment: pidns\` cannot be had: ${namespace.why}` };
  return { subject, state: 'fine', says: '`containment: pidns` can be had' };
}
