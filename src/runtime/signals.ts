import { constants } from 'node:os';

/** The signals that end a run, step by step. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** One of them. */
export type EndingSignal = (typeof endingSignals)[number];

/** Node opens a port for a debugger when it gets this one and nobody listens: anybody may then run code in it. */
const debuggerSignal = 'SIGUSR1';

function ignore(): void {
  // That it is listened to is all.
}

/**
 * Takes the ending signals of this process over until the answer is called. Workers lead process groups
 * of their own and never see the terminal's signal: it reaches them through the run or not at all.
 */
export function listenToSignals(heard: (signal: EndingSignal) => void): () => void {
  const listeners = endingSignals.map((signal) => {
    const listener = (): void => heard(signal);
    process.on(signal, listener);
    return { signal, listener };
  });
  process.on(debuggerSignal, ignore);
  return () => {
    process.removeListener(debuggerSignal, ignore);
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
  };
}

/** What the system calls a signal; 0 where it has none of that name. */
export function signalNumber(name: string): number {
  return Object.entries(constants.signals).find(([signal]) => signal === name)?.[1] ?? 0;
}
