import type { Result } from '../../base/result.ts';
import { err, ok } from '../../base/result.ts';
import type { Plan } from '../../plan/plan.ts';
import type { RunFailure } from '../run-failure.ts';
import type { ContainmentLevel } from './containment.ts';
import type { CgroupPlace } from './find-cgroup.ts';

/** What can be had where a run is to begin. */
export interface ContainmentMeans {
  /** The environments of processes can be read. */
  readonly seesMarks: boolean;
  readonly platform: string;
  /** This process is mpctl, and not a program that has it as a library: what it starts besides would be the run's. */
  readonly isOwnProcess: boolean;
  /** This mpctl was started in a PID namespace of the run. */
  readonly isInNamespace: boolean;
  /** Looked for where it matters. */
  readonly cgroup: () => CgroupPlace;
}

/** The level of a run, and where its cgroup is made if that is it. */
export type ChosenLevel =
  | { readonly level: Exclude<ContainmentLevel, 'cgroup'> }
  | { readonly level: 'cgroup'; readonly parent: string };

/** The level that a spec asks for, or the best that nobody has to ask for. What cannot be had is an error, never less. */
export function chooseLevel(wanted: Plan['containment'], means: ContainmentMeans): Result<ChosenLevel, RunFailure> {
  const { seesMarks, platform, isOwnProcess } = means;
  switch (wanted) {
    case 'auto': {
      const place = isOwnProcess ? means.cgroup() : null;
      if (place?.type === 'folder' && place.isDelegated) return ok({ level: 'cgroup', parent: place.folder });
      return ok({ level: seesMarks ? 'marker' : 'group' });
    }
    case 'group':
      return ok({ level: seesMarks ? 'marker' : 'group' });
    case 'marker':
      return seesMarks ? ok({ level: 'marker' }) : refuse(wanted, `on ${platform} the environments of processes cannot be read`, '`containment: group` is what can be had');
    case 'cgroup': {
      if (!isOwnProcess) return refuse(wanted, 'only `mpctl run` moves itself: of a program that calls `run`, all else that it starts would be ended with the run', 'call `mpctl run`');
      const place = means.cgroup();
      if (place.type === 'folder') return ok({ level: 'cgroup', parent: place.folder });
      return refuse(wanted, place.why, '`systemd-run --user --scope -p Delegate=yes mpctl run` has one where systemd runs; `mpctl doctor` says what else can be had');
    }
    case 'pidns':
      return means.isInNamespace ? ok({ level: 'pidns' }) : refuse(wanted, 'only `mpctl run` begins anew in a namespace', 'call `mpctl run`');
  }
}

/** The error of a level that was asked for. */
export function refuse(wanted: string, why: string, hint: string): Result<never, RunFailure> {
  return err({ code: 'MP830', message: `\`containment: ${wanted}\` cannot be had: ${why}`, hint });
}
