import { constants, openSync } from 'node:fs';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import { isInstalled, runCommand } from './run-command.ts';
import { timeoutOf } from './values.ts';
import type { Arguments, World } from './verb.ts';

/** What waits for the lock on the file that it has as descriptor 3, which it shares with us. */
const takeLock = ['flock', '3'];

/** The same, ending with 1 where it would have to wait. Every flock has this flag. */
const tryLock = ['flock', '-n', '3'];

/** Longest time that a timer of Node can be set to, in ms. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Runs the command of `lock run FILE -- COMMAND` while the file is locked as flock(1) locks it. Node has no
 * flock(2), so that flock(1) takes the lock on a descriptor that it shares with us, whose lock is ours then.
 * The command has the descriptor as well: as under flock(1), whatever it leaves behind keeps the lock.
 */
export async function lockFile(given: Arguments, world: World): Promise<number> {
  const [file = ''] = given.words;
  const { environment } = world;
  const timeoutMs = timeoutOf(given);
  if (given.words.length > 1) throw new UsageProblem('one file can be locked at a time', 'write one `mpctl lock run FILE --` behind the other');
  if (!isInstalled('flock', environment)) {
    world.complain('a file is locked by `flock`, which is not installed (it comes with util-linux; on macOS `brew install flock`)');
    return verbExitCodes.broken;
  }
  const held = openFile(file, world);
  if (held === null) return verbExitCodes.broken;
  const tried = await runCommand(tryLock, environment, world, { held });
  if (tried === verbExitCodes.no) {
    const waited = timeoutMs === 0 ? verbExitCodes.no : await waitForLock(file, held, timeoutMs, world);
    if (waited !== verbExitCodes.yes) return waited;
  } else if (tried !== verbExitCodes.yes) {
    return tried > 128 ? tried : verbExitCodes.broken;
  }
  return runCommand(given.command ?? [], environment, world, { held });
}

/** 0 once it is ours, and else what to end with: the time is over, or a signal has ended the wait. */
async function waitForLock(file: string, held: number, timeoutMs: number | undefined, world: World): Promise<number> {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.min(timeoutMs, longestTimerMs));
  const waiting = runCommand(takeLock, world.environment, world, { held, timeout });
  // Said when a signal ends the wait already.
  world.complain(`waiting for the lock on \`${file}\``);
  const exitCode = await waiting;
  if (exitCode === verbExitCodes.yes || timeout?.aborted !== true) return exitCode;
  world.complain(`\`${file}\` did not become free within ${timeoutMs ?? 0} ms`);
  return verbExitCodes.timeout;
}

/** Opens it as flock(1) does, making it where it is not there; null, and said, where that cannot be. */
function openFile(file: string, world: World): number | null {
  const { O_RDONLY, O_CREAT, O_NOCTTY } = constants;
  for (const flags of [O_RDONLY | O_CREAT | O_NOCTTY, O_RDONLY | O_NOCTTY]) {
    try {
      return openSync(file, flags, 0o666);
    } catch (error) {
      // A folder can be locked as well; only made it cannot be.
      if (error instanceof Error && 'code' in error && error.code === 'EISDIR') continue;
      world.complain(`\`${file}\` cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
  return null;
}
