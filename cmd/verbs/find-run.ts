import { accessSync, constants } from 'node:fs';
import { err } from '../../src/base/result.ts';
import { readOperatorKey } from '../../src/runtime/door/operator-key.ts';
import { runsFolders } from '../../src/runtime/run-folder/run-folder-places.ts';
import { listRuns, type FoundRun } from '../../src/runtime/run-folder/run-record.ts';
import { systemErrorCode } from '../../src/runtime/system-error-code.ts';
import { askDoor } from './ask-door.ts';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import type { Arguments, Ask, World } from './verb.ts';

/** A run that goes on, and the way into it. */
export interface OpenRun {
  readonly run: FoundRun;
  readonly ask: Ask;
  /** The same for what is answered at once: a run that says nothing has stopped. */
  readonly askNow: Ask;
}

/** A run that says nothing for so long to whoever only looks does not answer, in ms. */
const silenceMs = 5000;

/** The runs of the project in the working folder, oldest first; those that have ended too. */
export function runsHere({ environment, workingDir }: Pick<World, 'environment' | 'workingDir'>): readonly FoundRun[] {
  const runs = runsFolders(workingDir, environment).flatMap((folder) => listRuns(folder));
  return runs.filter(({ record }) => record.spec.startsWith(`${workingDir}/`)).toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
}

/** The runs beside the spec that this user may not see, in a clause; null where there are none. */
export function hiddenRuns({ environment, workingDir }: World): string | null {
  const [besideSpec] = runsFolders(workingDir, environment);
  try {
    accessSync(besideSpec, constants.R_OK);
    return null;
  } catch (error) {
    return systemErrorCode(error) === 'EACCES' ? `those in ${besideSpec} are another user's, who alone may see and ask them` : null;
  }
}

/** What may help whoever finds no run. */
function noneHere(world: World): string {
  return hiddenRuns(world) ?? '`mpctl run` starts one; the commands for it are called in the folder of its spec';
}

/**
 * The run that another terminal means: the one of `--run`, by the beginning of its id or any part of it, or
 * the only one that goes on here.
 *
 * @throws UsageProblem where there is none, or more than one
 */
export function openRun(given: Arguments, world: World): OpenRun {
  const wanted = given.values.get('--run');
  const alive = runsHere(world).filter(({ alive: goesOn, record }) => goesOn && record.end === null);
  const meant = alive.filter(({ record }) => wanted === undefined || record.id.includes(wanted));
  const [run, another] = meant;
  if (run === undefined) {
    const hint = alive.length === 0 ? noneHere(world) : `those that go on: ${idsOf(alive)}`;
    throw new UsageProblem(wanted === undefined ? 'no run goes on in this folder' : `no run \`${wanted}\` goes on in this folder`, hint);
  }
  if (another !== undefined) throw new UsageProblem('more than one run goes on in this folder', `say which with \`--run ID\`: ${idsOf(meant)}`);
  const key = readOperatorKey(run.folder);
  if (key === null) throw new UsageProblem(`the key of the run \`${run.record.id}\` cannot be read`, 'only the user who has started it may');
  const environment = { MPCTL_SOCKET: key.socket, MPCTL_AUTHKEY: key.key };
  return { run, ask: fromOutside(askDoor(environment)), askNow: fromOutside(askDoor(environment, { silenceMs, pid: run.record.pid })) };
}

/** Whoever is at another terminal is in no run: to him one that has ended meanwhile is one that cannot be reached. */
function fromOutside(ask: Ask): Ask {
  return async (method, params) => {
    const answer = await ask(method, params);
    return answer.ok || answer.error.exitCode !== verbExitCodes.notInRun ? answer : err({ ...answer.error, exitCode: verbExitCodes.broken });
  };
}

/**
 * The run whose traces are meant, also one that has ended: the one of `--run`, or the only one that goes on
 * here, or else the last.
 *
 * @throws UsageProblem where there is none, or more than one
 */
export function pastRun(given: Arguments, world: World): FoundRun {
  const wanted = given.values.get('--run');
  const all = runsHere(world);
  const meant = wanted === undefined ? all.filter(({ alive, record }) => alive && record.end === null) : all.filter(({ record }) => record.id.includes(wanted));
  const run = meant[0] ?? (wanted === undefined ? all.at(-1) : undefined);
  if (run === undefined) {
    const message = wanted === undefined ? 'there was no run in this folder yet' : `there is no run \`${wanted}\` in this folder`;
    throw new UsageProblem(message, all.length === 0 ? noneHere(world) : '`mpctl runs` lists them');
  }
  if (meant.length > 1) throw new UsageProblem('more than one run is meant', `say which with \`--run ID\`: ${idsOf(meant)}`);
  return run;
}

function idsOf(runs: readonly FoundRun[]): string {
  return runs.map(({ record }) => record.id).join(', ');
}
