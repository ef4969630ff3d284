import { basename } from 'node:path';
import { readlinkSync } from 'node:fs';
import { readProcess } from '../processes/process-table.ts';

/** They quote and run a line as sh(1) does. */
const shells: ReadonlySet<string> = new Set(['ash', 'bash', 'dash', 'ksh', 'ksh93', 'lksh', 'mksh', 'pdksh', 'posh', 'sh', 'yash', 'zsh']);

/**
 * The shell that runs a line, as GNU parallel chooses it: `$PARALLEL_SHELL`, else the shell that mpctl was
 * called from, so that a line and its functions mean what they mean there, else `$SHELL`, else `/bin/sh`.
 */
export function chooseShell(environment: Readonly<Record<string, string>>): string {
  const chosen = environment['PARALLEL_SHELL'] ?? '';
  if (chosen !== '') return chosen;
  const ours = callingShell();
  if (ours !== null) return ours;
  const login = environment['SHELL'] ?? '';
  return shells.has(basename(login)) ? login : '/bin/sh';
}

function callingShell(): string | null {
  for (let pid = process.ppid; pid > 1; ) {
    const file = programOf(pid);
    if (file !== null && shells.has(basename(file))) return file;
    const parent = readProcess(pid)?.parentPid ?? 0;
    if (parent === pid) return null;
    pid = parent;
  }
  return null;
}

/** Null where it is gone or belongs to somebody else. */
function programOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return null;
  }
}
