import { readOperatorKey } from '../../src/runtime/door/operator-key.ts';
import { runsFolders } from '../../src/runtime/run-folder/run-folder-places.ts';
import { listRuns, type FoundRun } from '../../src/runtime/run-folder/run-record.ts';
import { askDoor } from './ask-door.ts';
import { UsageProblem } from './refusal.ts';
import type { Arguments, Ask, World } from './verb.ts';

/** A run that goes on, and the way into it. */
export interface OpenRun {
  readonly run: FoundRun;
  readonly ask: Ask;
}

/** The runs of the project in the working folder, oldest first; those that have ended too. */
export function runsHere({ environment, workingDir }: World): readonly FoundRun[] {
  const runs = runsFolders(workingDir, environment).flatMap((folder) => listRuns(folder));
  return runs.filter(({ record }) => record.spec.startsWith(`${workingDir}/`)).toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
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
    const hint = alive.length === 0 ? '`mpctl run` starts one; the commands for it are called in the folder of its spec' : `those that go on: ${idsOf(alive)}`;
    throw new UsageProblem(wanted === undefined ? 'no run goes on in this folder' : `no run \`${wanted}\` goes on in this folder`, hint);
  }
  if (another !== undefined) throw new UsageProblem('more than one run goes on in this folder', `say which with \`--run ID\`: ${idsOf(meant)}`);
  const key = readOperatorKey(run.folder);
  if (key === null) throw new UsageProblem(`the key of the run \`${run.record.id}\` cannot be read`, 'only the user who has started it may');
  return { run, ask: askDoor({ MPCTL_SOCKET: key.socket, MPCTL_AUTHKEY: key.key }) };
}

function idsOf(runs: readonly FoundRun[]): string {
  return runs.map(({ record }) => record.id).join(', ');
}
