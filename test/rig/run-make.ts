import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { currentCli } from './current-cli.ts';

/** Make says so itself, as an internal fault, where a token is missing or one too many at its end. */
export const tokensAreMissing = /jobserver tokens available/u;

/** How make ended, and all that was written. */
export interface MakeResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A make under way, in a process group of its own, which is killed with the test. */
export interface MakeRun {
  readonly pid: number;
  readonly result: Promise<MakeResult>;
}

/** Starts GNU make in a folder, where `$(MPCTL)` of a makefile is the command line: made from the sources, or this program. */
export async function startMake(args: readonly string[], cwd: string, program?: string): Promise<MakeRun> {
  const mpctl = `MPCTL=${process.execPath} ${program ?? (await currentCli())}`;
  const child = spawn('make', ['--no-print-directory', ...args, mpctl], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const listen = (text: string): void => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', listen);
  child.stderr.setEncoding('utf8').on('data', listen);
  const result = new Promise<MakeResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('make was not started');
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return { pid, result };
}
