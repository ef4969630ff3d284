import { expect, test } from 'vitest';

import type { WaitReason } from '../../../src/engine/run-event.ts';
import { describeWait, describeWaits, listNames } from '../../../src/report/describe-wait.ts';

function wait(
  kind: WaitReason['kind'],
  detail: string | null,
  by: readonly string[] = [],
): WaitReason {
  return { kind, name: 'x', detail, by };
}

test.for([
  [wait('dependency', 'ready'), '`x` (ready)'],
  [wait('event', null, ['main']), 'event `x`, can be set by `main`'],
  [wait('barrier', null, ['b', 'c']), 'barrier `x`, still to come: `b` and `c`'],
  [wait('hold', 'lock', ['migrate']), 'lock `x`, held by `migrate`'],
  [{ ...wait('hold', 'semaphore', ['migrate']), behind: ['a', 'b'] }, 'semaphore `x`, held by `migrate`, behind `a` and `b`'],
  [wait('hold', null, ['migrate']), '`x`, held by `migrate`'],
  [wait('hold', '2 permits', ['a', 'b']), '`x` (2 permits), held by `a` and `b`'],
  [wait('condition', null, ['n']), 'condition `x`, can be notified by `n`'],
  [wait('queue', 'get', ['p']), 'an item of queue `x`, can be filled by `p`'],
  [wait('queue', 'put', ['c']), 'room in queue `x`, can be emptied by `c`'],
  [wait('queue', 'join', ['c']), 'the items of queue `x` to be done, taken by `c`'],
  [wait('pipe', 'recv', ['p']), 'a message on pipe `x`, sent by `p`'],
  [wait('pipe', 'send', ['c']), 'room in pipe `x`, read by `c`'],
  [wait('pipe', 'read', ['p']), 'what comes through pipe `x`, written by `p`'],
  [wait('pipe', 'write', ['c']), 'room in pipe `x`, read by `c`'],
  [wait('join', null), 'the end of `x`'],
  [wait('result', null), 'the result of a task of `x`'],
  [wait('submit', null, ['a']), 'a task for `x`, can be submitted by `a`'],
  [{ ...wait('sleep', null), name: '2 s' }, '2 s to pass'],
  [{ ...wait('backoff', null), name: '1.3 s' }, 'its next attempt, 1.3 s'],
] as const)('%o', ([reason, text]) => {
  expect(describeWait(reason)).toBe(text);
});

test('several reasons are one text', () => {
  expect(describeWaits([wait('join', null), wait('dependency', 'exit')])).toBe(
    'waiting for the end of `x`; `x` (exit)',
  );
  expect(describeWaits([])).toBe('waiting');
});

test('of many names the first three are shown and the rest is counted', () => {
  expect(listNames(['a'])).toBe('`a`');
  expect(listNames(['a', 'b', 'c'])).toBe('`a`, `b` and `c`');
  expect(listNames(['a', 'b', 'c', 'd', 'e'])).toBe('`a`, `b`, `c` and 2 more');
});
