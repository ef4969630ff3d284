import { exitCodes } from '../src/base/exit-codes.ts';
import { tellOutside } from '../src/runtime/outside.ts';
import { dieOf } from './die-of.ts';
import { exitWith, type Exit } from './exit.ts';
import type { ProcessHost } from './process-host.ts';

/** After a signal, output of which nothing was read for so long is not waited for, in ms. */
const patienceMs = 500;

/**
 * Writes out what is left and ends the process. Output that was lost turns a success into a failure. Whoever
 * does not read is waited for as by any program, and by one that dies of a signal no more.
 */
export async function finish(host: ProcessHost, exit: Exit): Promise<never> {
  const patience = exit.type === 'signal' ? patienceMs : null;
  await Promise.all([host.stdout.flush(patience), host.stderr.flush(patience)]);
  const { failure } = host.stdout;
  // The failure of the last write has just been told.
  if (failure !== null) await host.stderr.flush(patience);
  const code = exit.type === 'code' && failure !== null && exit.code === exitCodes.success ? exitCodes.environment : null;
  const end = code === null ? exit : exitWith(code);
  if (host.outside !== null) tellOutside(end.type === 'signal' ? `signal ${end.signal}` : `code ${end.code}`);
  if (end.type === 'signal') return dieOf(end.signal);
  process.exit(end.code);
}
