import { exitCodes } from '../src/base/exit-codes.ts';
import { dieOf } from './die-of.ts';
import type { Exit } from './exit.ts';
import { exitProcess } from './exit-process.ts';
import type { ProcessHost } from './process-host.ts';

/** Writes out what is left and ends the process. Output that was lost turns a success into a failure. */
export async function finish(host: ProcessHost, exit: Exit): Promise<never> {
  await Promise.all([host.stdout.flush(), host.stderr.flush()]);
  const { failure } = host.stdout;
  // The failure of the last write has just been told.
  if (failure !== null) await host.stderr.flush();
  if (exit.type === 'signal') return dieOf(exit.signal);
  exitProcess(failure !== null && exit.code === exitCodes.success ? exitCodes.environment : exit.code);
}
