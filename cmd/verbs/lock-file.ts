import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import { runCommand } from './run-command.ts';
import { timeoutOf } from './values.ts';
import type { Arguments, World } from './verb.ts';

/** Whether these words mean a file and not a lock of the spec, whose name has no slash. */
export function isFile(words: readonly string[], environment: World['environment']): boolean {
  return words.some((word) => word.includes('/') || (environment['MPCTL_SOCKET'] === undefined && existsSync(word)));
}

/** Runs the command of `lock run FILE -- COMMAND` while the file is locked, by flock(1). */
export async function lockFile(given: Arguments, world: World): Promise<number> {
  const [file = ''] = given.words;
  if (given.words.length > 1) throw new UsageProblem('one file can be locked at a time', 'write one `mpctl lock run FILE --` behind the other');
  if (!isInstalled('flock', world.environment)) {
    world.complain('a file is locked by `flock`, which is not installed (it comes with util-linux; `brew install util-linux` on macOS)');
    return verbExitCodes.broken;
  }
  return runCommand(['flock', ...waitFlags(given), file, ...(given.command ?? [])], world.environment, world);
}

function waitFlags(given: Arguments): readonly string[] {
  const timeoutMs = timeoutOf(given);
  // Without a fork of its own a signal reaches the command.
  if (timeoutMs === undefined) return ['--no-fork'];
  if (timeoutMs === 0) return ['--no-fork', '--nonblock', '--conflict-exit-code', String(verbExitCodes.no)];
  return ['--no-fork', '--timeout', String(timeoutMs / 1000), '--conflict-exit-code', String(verbExitCodes.timeout)];
}

function isInstalled(program: string, environment: World['environment']): boolean {
  return (environment['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
