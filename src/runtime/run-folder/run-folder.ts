import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import type { ChosenLevel } from '../containment/choose-level.ts';
import type { ContainmentLevel } from '../containment/containment.ts';
import { runCgroup } from '../containment/run-cgroup.ts';
import { monotonicMs } from '../monotonic-ms.ts';
import type { Outside } from '../outside.ts';
import { ownPidSpace } from '../processes/pid-space.ts';
import type { RunFailure } from '../run-failure.ts';
import { systemErrorText } from '../system-error-text.ts';
import { beginFates } from './fates-folder.ts';
import { LogWriter } from './log-writer.ts';
import type { LogLimits, LogTrouble } from './log-writer.ts';
import { makeFolders } from './make-folders.ts';
import { runsFolders } from './run-folder-places.ts';
import { makeRunId } from './run-id.ts';
import { forgetRunning, noteRunning } from './running-runs.ts';
import { ownStartTime, type ProcessIdentity, recordName, writeRunRecord, type RunRecord, type RunRecordEnd, type RunRequest } from './run-record.ts';

/** The folder of one run: logs, and whatever else a run leaves or needs. */
export interface RunFolder {
  readonly id: string;
  /** Of the mpctl that was called. */
  readonly pid: number;
  /** Absolute, mode 0700. */
  readonly path: string;
  /** For a `FifoPool`; it does not exist yet. */
  readonly fifoFolder: string;
  /** For what the commands of pools write that is too long to be kept as a value; it does not exist yet. */
  readonly outputFolder: string;
  /** Absolute path of the record. */
  readonly recordFile: string;
  /** Absolute path of an instance's log; it exists once the instance has written something. */
  logFile(instance: string): string;
  /** One writer for all attempts of an instance. */
  openLog(instance: string, limits: LogLimits, onTrouble: (trouble: LogTrouble) => void): LogWriter;
  /** Where its cgroup is; null where it is not to have one. */
  readonly cgroup: string | null;
  /** Notes in the record that the run has no cgroup, since none could be made. */
  noteWithoutCgroup(level: ContainmentLevel): void;
  /** Takes all of it away again: the run does not begin. */
  remove(): void;
  /** Notes in the record how the run ended; the error says why it cannot. */
  noteEnd(end: RunRecordEnd): Result<null, string>;
}

/** What a run folder is made for. */
export interface RunFolderRequest {
  /** Absolute; the folder that the spec is in. */
  readonly projectFolder: string;
  /** Of the plan. */
  readonly name: string;
  /** Absolute path of the spec. */
  readonly spec: string;
  /** As in the record. */
  readonly members: RunRecord['members'];
  /** As in the record. */
  readonly request: RunRequest | null;
  /** Pools whose tasks have their fates noted. */
  readonly fates: readonly string[];
  /** The folder of the run that it goes on from; null where it begins anew. */
  readonly earlierFolder: string | null;
  /** By what its processes are to be found. */
  readonly containment: ChosenLevel;
  /** The mpctl that others know, where this one is in a PID namespace; null elsewhere. */
  readonly outside: Outside | null;
  /** mpctl's own environment: `XDG_STATE_HOME` and `HOME` are read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes the folder of a run, `.mpctl/runs/<id>` beside the spec or, where that cannot be written,
 * `mpctl/runs/<id>` in the user's state folder. Every run has its own, so that runs at the same time
 * do not disturb each other, and git ignores all of it.
 */
export function createRunFolder(request: RunFolderRequest): Result<RunFolder, RunFailure> {
  const [inProject, inState] = runsFolders(request.projectFolder, request.environment);
  const begun = new Date();
  const id = makeRunId(begun);
  const reasons: string[] = [];
  for (const runs of [inProject, inState]) {
    const path = join(runs, id);
    let made = false;
    try {
      makeFolders(runs);
      if (runs === inProject) ignoreInGit(join(request.projectFolder, '.mpctl'));
      mkdirSync(path, { mode: 0o700 });
      made = true;
      beginFates(path, request.fates, request.earlierFolder);
      const record: RunRecord = {
        id,
        name: request.name,
        spec: request.spec,
        ...(request.outside ?? ownIdentity()),
        ...(request.outside === null ? {} : { inside: ownIdentity() }),
        ...containmentOf(request.containment, id),
        begun: begun.toISOString(),
        members: request.members,
        request: request.request,
        end: null,
      };
      writeRunRecord(path, record);
      noteRunning(runs, id);
      return ok(openRunFolder(record, path));
    } catch (error) {
      if (made) rmSync(path, { recursive: true, force: true });
      reasons.push(`\`${runs}\`: ${systemErrorText(error)}`);
    }
  }
  return err({
    code: 'MP822',
    message: `no folder for the run can be made (${reasons.join('; ')})`,
    hint: 'make one of them writable, or set `XDG_STATE_HOME` to a folder that is',
  });
}

function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: ownStartTime(), pidSpace: ownPidSpace() };
}

/** Noted before there is a cgroup: whoever finds a killed run removes it. */
function containmentOf(chosen: ChosenLevel, id: string): Pick<RunRecord, 'containment' | 'cgroup'> {
  const { level } = chosen;
  return level === 'cgroup' ? { containment: level, cgroup: runCgroup(chosen.parent, id) } : { containment: level };
}

function ignoreInGit(folder: string): void {
  const file = join(folder, '.gitignore');
  if (!existsSync(file)) writeFileSync(file, '*\n');
}

function openRunFolder(begun: RunRecord, path: string): RunFolder {
  let record = begun;
  const { id } = record;
  const logFile = (instance: string): string => join(path, `${instance}.log`);
  return {
    id,
    pid: begun.pid,
    path,
    fifoFolder: join(path, 'fifos'),
    outputFolder: join(path, 'outputs'),
    recordFile: join(path, recordName),
    logFile,
    openLog: (instance, limits, onTrouble) =>
      new LogWriter({ file: logFile(instance), limits, onTrouble, now: monotonicMs }),
    cgroup: begun.cgroup ?? null,
    noteWithoutCgroup: (containment) => {
      const { cgroup: _, end, ...rest } = record;
      record = { ...rest, containment, end };
      writeRunRecord(path, record);
    },
    remove: () => {
      rmSync(path, { recursive: true, force: true });
      forgetRunning(dirname(path), id);
    },
    noteEnd: (end) => {
      try {
        writeRunRecord(path, { ...record, end });
        forgetRunning(dirname(path), id);
        return ok(null);
      } catch (error) {
        return err(systemErrorText(error));
      }
    },
  };
}
