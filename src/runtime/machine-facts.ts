import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CgroupPlace, findCgroup } from './containment/find-cgroup.ts';
import { findNamespace, type NamespaceMaker } from './containment/find-namespace.ts';
import { seesMarks } from './containment/sees-marks.ts';
import { faultOfPlace, socketPlaces } from './door/socket-place.ts';
import { findCommand } from './processes/find-command.ts';
import { runsFolders } from './run-folder/run-folder-places.ts';

/** What a run depends on and a machine may not have. */
export interface MachineFacts {
  readonly platform: string;
  /** The environments of processes can be read, so that those are found that have left their group. */
  readonly seesMarks: boolean;
  /** Where runs make their cgroups, if they can. */
  readonly cgroup: CgroupPlace;
  /** How a run has a PID namespace, if it can. */
  readonly namespace: NamespaceMaker;
  /** Of what the guardian of a run calls, what is not there. */
  readonly missingTools: readonly string[];
  readonly hasPerl: boolean;
  readonly hasPython: boolean;
  /** Where a run of this folder leaves its traces; null where it cannot. */
  readonly runsFolder: string | null;
  /** Whether a socket can be had that only this user may open. */
  readonly hasSocketPlace: boolean;
  /** How many files a process may open; null where that is not known, or there is no limit. */
  readonly openFiles: number | null;
  /** Nobody takes leave of the orphans of a container but mpctl. */
  readonly isFirstProcess: boolean;
}

const guardianTools = ['sh', 'mkfifo', 'grep', 'sed', 'sleep', 'rm', 'rmdir', 'mv', 'date'] as const;

/** Looks at the machine for the runs of a folder; a private folder for sockets is made where it is not there. */
export function readMachineFacts(workingDir: string, environment: Readonly<Record<string, string | undefined>>): MachineFacts {
  const has = (name: string): boolean => findCommand(name, workingDir, environment['PATH']).type === 'executable';
  const runsFolder = runsFolders(workingDir, environment).find(canBeMade) ?? null;
  // As long as the folder and the name of a run are.
  const places = socketPlaces(`${runsFolder ?? '/'}/20260101T000000000Z-00000000`, '20260101T000000000Z-00000000', environment);
  return {
    platform: process.platform,
    seesMarks: seesMarks(),
    cgroup: findCgroup(),
    namespace: findNamespace(environment),
    missingTools: guardianTools.filter((name) => !has(name)),
    hasPerl: has('perl'),
    hasPython: has('python3'),
    runsFolder,
    // The first may be that of a run, which every run makes for itself.
    hasSocketPlace: places.some((place) => (runsFolder !== null && place.startsWith(runsFolder)) || faultOfPlace(dirname(place)) === null),
    openFiles: openFilesOf(),
    isFirstProcess: process.pid === 1,
  };
}

function canBeMade(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const parent = dirname(folder);
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing && parent !== folder && canBeMade(parent);
  }
}

/** proc(5): the soft limit is the first of the two numbers. */
function openFilesOf(): number | null {
  try {
    const soft = /^Max open files +(?<soft>\d+) /mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.groups?.['soft'];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
