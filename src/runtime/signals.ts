/** The signals that end a run, step by step. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** One of them. */
export type EndingSignal = (typeof endingSignals)[number];

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
  return () => {
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
  };
}
