import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../monotonic-ms.ts';
import { signalProcess } from '../processes/process-table.ts';
import { systemErrorText } from '../system-error-text.ts';

const lookEveryMs = 2;
/** A process inside a hung system call cannot be killed; it is given up after so long. */
const killLimitMs = 5000;

/** The pids of those in a cgroup and in those below; zombies are in none. */
export function cgroupMembers(folder: string): readonly number[] {
  const own = textOf(join(folder, 'cgroup.procs')).split('\n').map(Number);
  // Those of an outer PID namespace are 0, by which whoever signals them would mean itself.
  return [...own.filter((pid) => pid > 0), ...foldersIn(folder).flatMap((below) => cgroupMembers(join(folder, below)))];
}

/** Kills everybody in a cgroup and below, whatever they start meanwhile, and removes it. Gives why that cannot be, or null. */
export async function endCgroup(folder: string): Promise<string | null> {
  if (cgroupMembers(folder).includes(process.pid)) return 'mpctl itself is in it';
  const untilMs = monotonicMs() + killLimitMs;
  for (;;) {
    if (cgroupMembers(folder).length > 0) kill(folder);
    try {
      remove(folder);
      return null;
    } catch (error) {
      // Whoever was killed is in it until the kernel is done with him.
      if (monotonicMs() >= untilMs) return systemErrorText(error);
    }
    await delay(lookEveryMs);
  }
}

function kill(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.kill'), '1');
  } catch {
    killEach(folder);
  }
}

/** Before Linux 5.14: whoever is frozen starts nobody, and SIGKILL ends him all the same. */
function killEach(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.freeze'), '1');
  } catch {
    // Before Linux 5.2: whoever is started meanwhile is found the next time.
  }
  for (const pid of cgroupMembers(folder)) signalProcess(pid, 'SIGKILL');
}

/** @throws the error of the system call that failed. */
function remove(folder: string): void {
  for (const below of foldersIn(folder)) remove(join(folder, below));
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}

/** Empty where the cgroup is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
