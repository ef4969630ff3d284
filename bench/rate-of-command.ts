import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is run, and where. */
export interface RatedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/**
 * The sum of the figures that a command's processes print, each as `rate N` on a line of its own: they
 * measure themselves, without their start.
 *
 * @throws Error when the command fails or prints none.
 */
export async function rateOfCommand({ command, args, folder }: RatedCommand): Promise<number> {
  const { stdout } = await run(command, args, { cwd: folder });
  const rates = [...stdout.matchAll(/\brate (?<rate>[\d.]+)/gu)].map(({ groups }) => Number(groups?.['rate']));
  if (rates.length === 0) throw new Error(`${[command, ...args].join(' ')} printed no rate`);
  return rates.reduce((sum, rate) => sum + rate, 0);
}
