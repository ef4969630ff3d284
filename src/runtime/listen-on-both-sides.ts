import type { HeardSignal } from '../engine/engine-event.ts';
import { hearOutside } from './hear-outside.ts';
import { MergedSignals } from './merged-signals.ts';
import type { Outside } from './outside.ts';
import { type EndingSignal, endingSignals, listenToSignals } from './signals.ts';

/** Takes the ending signals of this process over, and those of the mpctl outside of its namespace, until the answer is called. */
export function listenOnBothSides(outside: Outside | null, heard: (signal: HeardSignal) => void): () => void {
  if (outside === null) return listenToSignals(heard);
  const merged = new MergedSignals<EndingSignal>(heard);
  const stopInside = listenToSignals((signal) => merged.add('inside', signal));
  const stopOutside = hearOutside((word) => {
    const signal = endingSignals.find((name) => name === word);
    if (signal !== undefined) merged.add('outside', signal);
    else if (word === 'orphaned') heard(word);
  });
  return () => {
    stopInside();
    stopOutside();
  };
}
