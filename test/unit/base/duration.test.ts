import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/base/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['2s', 2000],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['1h2m3s4ms', 3_723_004],
    ['5m', 300_000],
    ['0s', 0],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '5', '5 s', '-1s', '1s1h', 's', '1d', '1e3s', '1m30'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
