import { spawn } from 'node:child_process';

/** A command that is interrupted, and what it says before and after. */
export interface InterruptedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Whether it is time for the signal, by what was written so far on both streams. */
  readonly isReady: (output: string) => boolean;
  /** Whether what was written since the signal answers it; its end always does. */
  readonly isReaction: (output: string) => boolean;
}

/**
 * Time from SIGINT, which the command alone gets, to its first answer, in ms. Resolves when it has ended,
 * so that nothing of it is left in the next measurement.
 *
 * @throws Error when it cannot be started, or ends before the signal.
 */
export function timeReaction({ command, args, folder, isReady, isReaction }: InterruptedCommand): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let sentMs: number | null = null;
    let tookMs: number | null = null;
    const answer = (): void => {
      if (sentMs !== null) tookMs ??= performance.now() - sentMs;
    };
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (sentMs !== null) {
        if (isReaction(output)) answer();
      } else if (isReady(output)) {
        output = '';
        sentMs = performance.now();
        child.kill('SIGINT');
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', answer);
    child.once('close', () => {
      if (tookMs !== null) resolve(tookMs);
      else reject(new Error(`${[command, ...args].join(' ')} ended before it was interrupted: ${output}`));
    });
  });
}
