import { spawn } from 'node:child_process';

/** What a measured command is run with. */
export interface TimedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Wall time of one command from before its start to its exit, in ms, its output thrown away.
 *
 * @throws Error when it cannot be started or does not exit with 0.
 */
export function timeCommand({ command, args, folder, environment }: TimedCommand): Promise<number> {
  return new Promise((resolve, reject) => {
    const beganMs = performance.now();
    const child = spawn(command, args, { cwd: folder, env: environment ?? process.env, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => {
      const tookMs = performance.now() - beganMs;
      if (code === 0) resolve(tookMs);
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${String(code)} in ${folder}`));
    });
  });
}
