import { MergedSignals } from './merged-signals.ts';
import { hearOutside, type Outside } from './outside.ts';
import { type EndingSignal, endingSignals, listenToSignals } from './signals.ts';

/** What the mpctl outside says when whoever waited for it in the foreground has gone: in the namespace that is not seen. */
export const orphaned = 'orphaned';

/** Takes the ending signals of this process over, and what the mpctl outside of its namespace hears, until the answer is called. */
export function listenOnBothSides(outside: Outside | null, heard: (signal: EndingSignal | typeof orphaned) => void): () => void {
  if (outside === null) return listenToSignals(heard);
  const merged = new MergedSignals<EndingSignal>(heard);
  const stopInside = listenToSignals((signal) => merged.add('inside', signal));
  const stopOutside = hearOutside((word) => {
    if (word === orphaned) heard(orphaned);
    const signal = endingSignals.find((name) => name === word);
    if (signal !== undefined) merged.add('outside', signal);
  });
  return () => {
    stopInside();
    stopOutside();
  };
}
