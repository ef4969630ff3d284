import { describe, expect, it } from 'vitest';
import { expandMatrix } from '../../../src/plan/expand-matrix.ts';

const fruit = ['fruit', ['apple', 'pear']] as const;
const animal = ['animal', ['cat', 'dog']] as const;

describe('expandMatrix', () => {
  it('makes every combination, the last axis running fastest', () => {
    const combinations = expandMatrix({ axes: [fruit, animal], include: [], exclude: [] });
    expect(combinations.map((each) => Object.values(each).join('-'))).toEqual([
      'apple-cat',
      'apple-dog',
      'pear-cat',
      'pear-dog',
    ]);
  });

  it('gives what the documentation of GitHub Actions gives for its example of include', () => {
    const combinations = expandMatrix({
      axes: [fruit, animal],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
      exclude: [],
    });
    expect(combinations).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it('leaves out what an exclusion matches in all its keys', () => {
    const combinations = expandMatrix({
      axes: [fruit, animal],
      include: [],
      exclude: [{ fruit: 'apple', animal: 'cat' }, { fruit: 'pear' }],
    });
    expect(combinations).toEqual([{ fruit: 'apple', animal: 'dog' }]);
  });

  it('takes an inclusion as it is where there are no axes', () => {
    const include = [{ site: 'production' }, { site: 'staging' }];
    expect(expandMatrix({ axes: [], include, exclude: [] })).toEqual(include);
  });
});
