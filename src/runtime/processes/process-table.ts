import { closeSync, type Dir, opendirSync, openSync, readdirSync, readSync } from 'node:fs';
import { systemErrorCode } from '../system-error-code.ts';
import { withoutStackTrace } from '../without-stack-trace.ts';

/** One process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly group: number;
  /** `Z` is a zombie: ended, but not yet reaped by its parent. */
  readonly state: string;
  /**
   * When it started, in a form that only compares for equality: with the pid it identifies a process
   * for good, since pids are used again.
   */
  readonly startTime: string;
}

/** Linux has a process table in files; elsewhere `ps` is asked. */
export const hasProcFolder = process.platform === 'linux';

/** On a machine that starts processes all the time there is never a list without a new one. */
const mostLists = 20;
/** A list is made in the order of the pids: whoever takes a smaller one meanwhile, as after the last one there is, is not in it. */
const mostEmptyLists = 2;

/** Looks one process up; null when there is none. Zombies are found too. */
export function readProcess(pid: number): ProcessEntry | null {
  if (!hasProcFolder) return listWithPs(['-p', String(pid)])[0] ?? null;
  const stat = readProcFile(pid, 'stat');
  return stat === null ? null : parseStat(pid, stat);
}

/** All processes, zombies included. */
export function listProcesses(): readonly ProcessEntry[] {
  if (!hasProcFolder) return listWithPs(['-ax']);
  const entries: ProcessEntry[] = [];
  for (const pid of listPids()) {
    const entry = readProcess(pid);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** Whether the process lives: it exists, is no zombie, and started at that time. */
export function processIsAlive(pid: number, startTime: string): boolean {
  const entry = readProcess(pid);
  return entry !== null && entry.startTime === startTime && !isDead(entry);
}

/**
 * Sends a signal to every member of a process group; false when there is none left or the system
 * refuses. Only for groups that are known to be ours still.
 */
export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** Sends a signal to one process; false when it is gone or the system refuses. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * The living processes whose environment, as it was at their start, says that they belong to the run; each
 * as soon as it is found, so that what is done to a parent keeps it from having more children. None
 * where environments cannot be read (macOS), and none of other users.
 */
export function* findMarkedProcesses(runId: string): Generator<ProcessEntry> {
  const seen = new Set([process.pid]);
  const lists = hasProcFolder ? mostLists : 0;
  let emptyLists = 0;
  // Who is born meanwhile is in the next list, and who becomes another process again and again in nearly each of them.
  for (let list = 0; list < lists && emptyLists < mostEmptyLists; list += 1) {
    emptyLists += 1;
    // Each is read as soon as it is listed: a list of thousands takes longer than some of those in it live.
    for (const pid of pidsAsListed()) {
      if (seen.has(pid)) continue;
      seen.add(pid);
      emptyLists = 0;
      const environment = readProcFile(pid, 'environ');
      if (environment === null || !carriesMark(environment, runId)) continue;
      const entry = readProcess(pid);
      if (entry !== null && !isDead(entry)) yield entry;
    }
  }
}

/** As `listPids`, each one at the moment when the system lists it. */
function* pidsAsListed(): Generator<number> {
  // Node looks up whatever the system has no kind of, and throws all that it has read away where that is gone: so it reads one.
  const folder = opendirSync('/proc', { bufferSize: 1 });
  try {
    for (;;) {
      const name = nextName(folder);
      if (name === null) return;
      if (/^\d+$/.test(name)) yield Number(name);
    }
  } finally {
    folder.closeSync();
  }
}

/** The next entry that is still there; null behind the last one. */
function nextName(folder: Dir): string | null {
  for (;;) {
    try {
      return folder.readSync()?.name ?? null;
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/** The command line of a process for messages; null when it cannot be read. */
export function readCommandLine(pid: number): string | null {
  const text = hasProcFolder ? readProcFile(pid, 'cmdline') : null;
  return text === null || text === '' ? null : text.replaceAll('\0', ' ').trimEnd();
}

/** A zombie, or about to be none any more. */
export function isDead(entry: ProcessEntry): boolean {
  return entry.state === 'Z' || entry.state === 'X';
}

function carriesMark(environment: string, runId: string): boolean {
  // Of nearly every process of the machine, so that its environment need not be taken apart.
  if (!environment.includes(runId)) return false;
  return environment
    .split('\0')
    .some((variable) => variable.startsWith('MPCTL_RUN_IDS=') && variable.slice(14).split(':').includes(runId));
}

/** Whether a process group has a member, be it a zombie. */
export function groupExists(group: number): boolean {
  try {
    return withoutStackTrace(() => process.kill(-group, 0));
  } catch (error) {
    // EPERM: there is a member, of another user.
    return systemErrorCode(error) === 'EPERM';
  }
}

/** Numbers of all processes; none where there is no proc(5). */
export function listPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The numbers among the names in a folder of proc(5); none where it is gone or closed to us. */
export function listNumbers(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** One for all reads: a search reads a file of every process of the machine. */
let readBuffer = Buffer.allocUnsafe(0);
const usualFileBytes = 64 * 1024;

/** A file of proc(5), which has no length until it is read to its end; null where it is gone or closed to us. */
export function readProcFile(pid: number, name: string): string | null {
  if (readBuffer.length === 0) readBuffer = Buffer.allocUnsafe(usualFileBytes);
  let fd: number | null = null;
  try {
    // Of kernel threads, most processes of a small machine, there is nothing to read.
    fd = withoutStackTrace(() => openSync(`/proc/${pid}/${name}`, 'r'));
    let length = 0;
    for (;;) {
      const count = readSync(fd, readBuffer, length, readBuffer.length - length, null);
      length += count;
      if (count === 0) return readBuffer.toString('latin1', 0, length);
      if (length === readBuffer.length) readBuffer = Buffer.concat([readBuffer, Buffer.allocUnsafe(length)]);
    }
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** proc(5): the name in parentheses may itself hold spaces and parentheses, so count from its end. */
function parseStat(pid: number, stat: string): ProcessEntry | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parentPid, group] = fields;
  const startTime = fields[19];
  if (state === undefined || startTime === undefined) return null;
  return { pid, state, parentPid: Number(parentPid), group: Number(group), startTime };
}

function listWithPs(selection: readonly string[]): readonly ProcessEntry[] {
  const format = ['-o', 'pid=,ppid=,pgid=,stat=,lstart='];
  // Linux never comes here, where every verb would have to load it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout } = spawnSync('ps', [...selection, ...format], { encoding: 'utf8', env: { PATH: '/bin:/usr/bin' } });
  const entries: ProcessEntry[] = [];
  for (const line of stdout?.split('\n') ?? []) {
    const [pid, parentPid, group, state, ...startTime] = line.trim().split(/\s+/);
    if (pid === undefined || state === undefined) continue;
    entries.push({
      pid: Number(pid),
      parentPid: Number(parentPid),
      group: Number(group),
      state: state.charAt(0),
      startTime: startTime.join(' '),
    });
  }
  return entries;
}
