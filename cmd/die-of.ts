import { constants } from 'node:os';

/** What a signal that does not end the process at once leaves for it to arrive. */
const signalDeliveryMs = 1000;

/** Dies of a signal as if it had never been caught, so that the parent sees what happened. */
export async function dieOf(signal: NodeJS.Signals): Promise<never> {
  // The system keeps its first process from every signal that is not caught.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  // Node ignores SIGPIPE from its start on; whoever takes the last listener away brings the default back. To SIGKILL nobody can listen.
  if (signal !== 'SIGKILL') process.once(signal, () => {});
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Delivery is asynchronous. Where the signal is ignored from outside, as under nohup, it never comes.
  await new Promise((resolve) => {
    setTimeout(resolve, signalDeliveryMs);
  });
  process.exit(128 + constants.signals[signal]);
}
