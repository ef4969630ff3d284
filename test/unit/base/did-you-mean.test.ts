import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../../src/base/did-you-mean.ts';

const words = ['depends_on', 'environment', 'fetcher', 'check', 'run'];

describe('didYouMean', () => {
  it.each([
    ['fetcherr', 'fetcher'],
    ['fecther', 'fetcher'],
    ['Depends-On', 'depends_on'],
    ['enviroment', 'environment'],
    ['chekc', 'check'],
    ['rnu', 'run'],
    ['dependsOn', 'depends_on'],
  ])('takes %s for %s', (word, meant) => {
    expect(didYouMean(word, words)).toBe(meant);
  });

  it.each(['xyzzy', 'plan', '', 'checkpoint'])('does not guess at %j', (word) => {
    expect(didYouMean(word, words)).toBeNull();
  });

  it('takes no letter for another', () => {
    expect(didYouMean('b', ['a'])).toBeNull();
    expect(didYouMean('A', ['b', 'a'])).toBe('a');
  });

  it('prefers the nearest, and of equally near ones the first', () => {
    expect(didYouMean('lock', ['clock', 'lock'])).toBe('lock');
    expect(didYouMean('bat', ['cat', 'hat'])).toBe('cat');
  });
});
