import { describe, expect, it } from 'vitest';
import { MergedSignals } from '../../../src/runtime/merged-signals.ts';

type Side = 'inside' | 'outside';

/** What is heard of signals in this order. */
function heard(...got: readonly (readonly [Side, string])[]): readonly string[] {
  const signals: string[] = [];
  const merged = new MergedSignals<string>((signal) => signals.push(signal));
  for (const [side, signal] of got) merged.add(side, signal);
  return signals;
}

describe('the signals of two processes that are one', () => {
  it('are heard once where a key reaches both, in either order', () => {
    expect(heard(['inside', 'SIGINT'], ['outside', 'SIGINT'])).toEqual(['SIGINT']);
    expect(heard(['outside', 'SIGINT'], ['inside', 'SIGINT'], ['inside', 'SIGINT'], ['outside', 'SIGINT'])).toEqual(['SIGINT', 'SIGINT']);
  });

  it('are all heard of the one that gets more', () => {
    expect(heard(['outside', 'SIGTERM'], ['outside', 'SIGTERM'], ['outside', 'SIGTERM'])).toHaveLength(3);
    expect(heard(['inside', 'SIGINT'], ['outside', 'SIGINT'], ['outside', 'SIGINT'])).toHaveLength(2);
  });

  it('are counted by their kind', () => {
    expect(heard(['inside', 'SIGINT'], ['outside', 'SIGTERM'])).toEqual(['SIGINT', 'SIGTERM']);
  });
});
