import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { Plan } from '../../plan/plan.ts';
import { listProcesses, readCommandLine } from '../processes/process-table.ts';
import type { RunFailure } from '../run-failure.ts';
import type { RunFolder } from '../run-folder/run-folder.ts';
import { refuse, type ChosenLevel } from './choose-level.ts';
import { looseContainment, type Containment } from './containment.ts';
import { enterCgroup } from './run-cgroup.ts';
import { seesMarks } from './sees-marks.ts';

/**
 * Brings this process to where the run is contained. A cgroup that could not be entered after all is an error where it
 * was asked for; nothing is then left of the folder.
 */
export async function contain(wanted: Plan['containment'], chosen: ChosenLevel, folder: RunFolder): Promise<Result<Containment, RunFailure>> {
  if (chosen.level === 'pidns') return ok(namespaceContainment);
  if (chosen.level !== 'cgroup' || folder.cgroup === null) return ok(looseContainment(chosen.level));
  const entered = await enterCgroup(folder.cgroup);
  if (entered.ok) return entered;
  if (wanted === 'cgroup') {
    folder.remove();
    return refuse(wanted, `\`${folder.cgroup}\` cannot be entered (${entered.error})`, '`mpctl doctor` says what can be had here');
  }
  const level = seesMarks() ? 'marker' : 'group';
  folder.noteWithoutCgroup(level);
  return ok(looseContainment(level));
}

/** The kernel kills whoever is still there when process 1 ends. */
const namespaceContainment: Containment = { level: 'pidns', cgroup: null, members: namespaceMembers, leave: () => Promise.resolve(null) };

/** Everybody in the namespace but process 1 and what keeps the leash for it, which is a fork of it. */
function namespaceMembers(): readonly number[] {
  const shell = readCommandLine(1);
  return listProcesses().flatMap(({ pid }) => (readCommandLine(pid) === shell ? [] : [pid]));
}
