import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { verbExitCodes } from './refusal.ts';
import type { World } from './verb.ts';

const fromOthers = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** A terminal sends these to the command as well. */
const fromTerminal = ['SIGINT', 'SIGQUIT'] as const;

function leaveAlone(): void {}

/**
 * Runs a command with our own standard streams, hands signals on to it, and gives the exit code that a
 * shell would: 128+n after signal n, 127 where there is no such command.
 */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { complain }: World,
): Promise<number> {
  const isAtTerminal = isatty(0);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env: environment });
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
      const isMissing = error.code === 'ENOENT';
      complain(isMissing ? `there is no command \`${program}\`` : `\`${program}\` cannot be started: ${error.message}`);
      done(isMissing ? verbExitCodes.notFound : verbExitCodes.notExecutable);
    });
    child.on('exit', (code, signal) => {
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
