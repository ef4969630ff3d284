import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

/** In one test no more than take half a minute on a slow machine. */
const parts = 8;
const partCount = 2500;

test.each(Array.from({ length: parts }, (_, part) => part * partCount))('no schedule from %i on breaks an invariant', (from) => {
  const failure = simulate(from, partCount);
  expect(failure === null ? null : `${failure.what} (npm run simulate -- --seed ${failure.schedule.seed})`).toBeNull();
});
