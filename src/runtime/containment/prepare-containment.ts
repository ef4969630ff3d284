import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { Plan } from '../../plan/plan.ts';
import { listProcesses, readCommandLine } from '../processes/process-table.ts';
import type { RunFailure } from '../run-failure.ts';
import type { RunFolder } from '../run-folder/run-folder.ts';
import { refuse, type ChosenLevel } from './choose-level.ts';
import { looseContainment, type Containment } from './containment.ts';
import { makeCgroup } from './run-cgroup.ts';
import { seesMarks } from './sees-marks.ts';

/**
 * Makes where the run is to be contained, for mpctl to enter. A cgroup that cannot be made, or not be entered, is an
 * error where it was asked for: nothing is left of the folder where it could not be made. Else the run has what there is besides.
 */
export function prepareContainment(wanted: Plan['containment'], chosen: ChosenLevel, folder: RunFolder): Result<Containment, RunFailure> {
  if (chosen.level === 'pidns') return ok(namespaceContainment);
  if (chosen.level !== 'cgroup' || folder.cgroup === null) return ok(looseContainment(chosen.level));
  const made = makeCgroup(folder.cgroup);
  if (made.ok) return wanted === 'cgroup' ? made : ok(cgroupOrLess(made.value, folder));
  if (wanted !== 'cgroup') return ok(withoutCgroup(folder));
  folder.remove();
  return refuseCgroup(folder.cgroup, made.error);
}

/** The error of a cgroup that was asked for. */
export function refuseCgroup(cgroup: string | null, why: string): Result<never, RunFailure> {
  return refuse('cgroup', `\`${cgroup}\` cannot be entered (${why})`, '`mpctl doctor` says what can be had here');
}

/** Nobody asked for the cgroup: where it cannot be entered, there is less. */
function cgroupOrLess(cgroup: Containment, folder: RunFolder): Containment {
  let inForce = cgroup;
  const enter = async (): Promise<null> => {
    if ((await cgroup.enter()) !== null) inForce = withoutCgroup(folder);
    return null;
  };
  let entering: Promise<null> | null = null;
  return {
    get level() {
      return inForce.level;
    },
    get cgroup() {
      return inForce.cgroup;
    },
    enter: () => (entering ??= enter()),
    members: () => inForce.members(),
    leave: () => inForce.leave(),
  };
}

function withoutCgroup(folder: RunFolder): Containment {
  const level = seesMarks() ? 'marker' : 'group';
  folder.noteWithoutCgroup(level);
  return looseContainment(level);
}

/** The kernel kills whoever is still there when process 1 ends. */
const namespaceContainment: Containment = { ...looseContainment('pidns'), members: namespaceMembers };

/** Everybody in the namespace but process 1 and what keeps the leash for it, which is a fork of it. */
function namespaceMembers(): readonly number[] {
  const shell = readCommandLine(1);
  return listProcesses().flatMap(({ pid }) => (readCommandLine(pid) === shell ? [] : [pid]));
}
