import { constants } from 'node:os';
import { exitCodes } from '../src/base/exit-codes.ts';
import type { Exit } from './exit.ts';
import type { ProcessHost } from './process-host.ts';

/** What a signal that does not end the process at once leaves for it to arrive. */
const signalDeliveryMs = 1000;

/** Writes out what is left and ends the process. Output that was lost turns a success into a failure. */
export async function finish(host: ProcessHost, exit: Exit): Promise<never> {
  await Promise.all([host.stdout.flush(), host.stderr.flush()]);
  const { failure } = host.stdout;
  // The failure of the last write has just been told.
  if (failure !== null) await host.stderr.flush();
  if (exit.type === 'signal') return dieOf(exit.signal);
  process.exit(failure !== null && exit.code === exitCodes.success ? exitCodes.environment : exit.code);
}

/** Dies of a signal as if it had never been caught, so that the parent sees what happened. */
async function dieOf(signal: NodeJS.Signals): Promise<never> {
  // Node ignores SIGPIPE from its start on; whoever takes the last listener away brings the default back.
  process.once(signal, () => {});
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Delivery is asynchronous. Where the signal is ignored from outside, as under nohup, it never comes.
  await new Promise((resolve) => {
    setTimeout(resolve, signalDeliveryMs);
  });
  process.exit(128 + constants.signals[signal]);
}
