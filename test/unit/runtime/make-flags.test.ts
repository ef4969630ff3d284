import { describe, expect, it, test } from 'vitest';
import { authOf, isDryRun, jobsOf, withJobserver } from '../../../src/runtime/jobserver/make-flags.ts';

const descriptors = { type: 'descriptors', read: 3, write: 4 };

test.each([
  ['', null],
  ['k -j3', null],
  [' -j3 --jobserver-auth=3,4', descriptors],
  ['kw --jobserver-fds=3,4 -j', descriptors],
  [' -j --jobserver-auth=5,6 --jobserver-auth=3,4', descriptors],
  [' -j3 --jobserver-auth=fifo:/tmp/GMfifo12', { type: 'fifo', path: '/tmp/GMfifo12' }],
  [String.raw` -j3 --jobserver-auth=fifo:/tmp/a\ b/\\c`, { type: 'fifo', path: String.raw`/tmp/a b/\c` }],
  [' -j3 --jobserver-auth=-2,-2', { type: 'none', written: '-2,-2' }],
  [' -j3 -- A=--jobserver-auth=3,4 --jobserver-auth=5,6', null],
])('the jobserver of `%s`', (makeflags, auth) => {
  expect(authOf(makeflags)).toEqual(auth);
});

test.each([
  ['n', true],
  ['kn -j3 --jobserver-auth=3,4', true],
  [' -j3 --no-print-directory', false],
  ['--no-print-directory', false],
  ['k -n', false],
  ['NAME=n', false],
])('whether `%s` is that of `make -n`', (makeflags, isDry) => {
  expect(isDryRun(makeflags)).toBe(isDry);
});

test.each([
  [' -j3 --jobserver-auth=3,4', 3],
  [' -j --jobserver-auth=3,4', null],
  ['k', null],
])('how many jobs `%s` is for', (makeflags, jobs) => {
  expect(jobsOf(makeflags)).toBe(jobs);
});

describe('another jobserver', () => {
  it.each([
    ['', ' -j2 --jobserver-auth=8,9'],
    ['k', 'k -j2 --jobserver-auth=8,9'],
    ['kw -j8 --jobserver-auth=3,4', 'kw -j2 --jobserver-auth=8,9'],
    [' -j8 --jobserver-fds=3,4 --no-print-directory', ' -j2 --jobserver-auth=8,9 --no-print-directory'],
    ['-k --jobs=8', ' -j2 --jobserver-auth=8,9 -k'],
    [String.raw` -j8 -- A=a\ b -j=1`, String.raw` -j2 --jobserver-auth=8,9 -- A=a\ b -j=1`],
  ])('takes the place of that of `%s`, and the rest stays', (makeflags, expected) => {
    expect(withJobserver(makeflags, { jobs: 2, auth: '8,9' })).toBe(expected);
  });

  it.each([
    ['k -j3 --jobserver-auth=3,4', 'k'],
    [' -j3 --jobserver-auth=3,4', ''],
    [' -j3 --jobserver-auth=3,4 --no-print-directory', ' --no-print-directory'],
  ])('or none does', (makeflags, expected) => {
    expect(withJobserver(makeflags, null)).toBe(expected);
  });
});
