import { spawn } from 'node:child_process';
import { accessSync, constants as access } from 'node:fs';
import { constants } from 'node:os';
import type { Socket } from 'node:net';
import path from 'node:path';
import { isatty } from 'node:tty';
import { verbExitCodes } from './refusal.ts';
import type { World } from './verb.ts';

const fromOthers = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** A terminal sends these to the command as well. */
const fromTerminal = ['SIGINT', 'SIGQUIT'] as const;

function leaveAlone(): void {}

/** What a command gets besides our standard streams. */
interface Extras {
  /** A file or connection that it has as descriptor 3. */
  readonly held?: number | Socket;
  /** Ends it with SIGTERM. */
  readonly timeout?: AbortSignal | undefined;
}

/**
 * Runs a command with our own standard streams, hands signals on to it, and gives the exit code that a
 * shell would: 128+n after signal n, 127 where there is no such command.
 */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { complain }: World,
  { held, timeout }: Extras = {},
): Promise<number> {
  const isAtTerminal = isatty(0);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['inherit', 'inherit', 'inherit', ...(held === undefined ? [] : [held])],
      env: environment,
      signal: timeout,
    });
    const handOn = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    for (const signal of fromOthers) process.on(signal, handOn);
    for (const signal of fromTerminal) process.on(signal, isAtTerminal ? leaveAlone : handOn);
    const done = (exitCode: number): void => {
      for (const signal of [...fromOthers, ...fromTerminal]) process.removeAllListeners(signal);
      resolve(exitCode);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      // Its end follows.
      if (error.name === 'AbortError') return;
      const isMissing = error.code === 'ENOENT';
      complain(isMissing ? `there is no command \`${program}\`` : `\`${program}\` cannot be started: ${error.message}`);
      done(isMissing ? verbExitCodes.notFound : verbExitCodes.notExecutable);
    });
    child.on('exit', (code, signal) => {
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Whether a program can be found in `PATH`. */
export function isInstalled(program: string, environment: World['environment']): boolean {
  return (environment['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, program), access.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
