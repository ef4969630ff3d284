import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOperatorKey, writeOperatorKey } from '../../../src/runtime/door/operator-key.ts';
import { temporaryFolder } from './worker-harness.ts';

test('the key for other terminals is for the user alone, and is read as it was written', () => {
  const folder = temporaryFolder();
  const written = { key: '@operator.00', socket: '/run/door/socket' };
  // What a shell that hides nothing leaves open.
  const before = process.umask(0);
  try {
    writeOperatorKey(folder, written);
  } finally {
    process.umask(before);
  }
  expect(statSync(join(folder, 'operator.key')).mode & 0o777).toBe(0o600);
  expect(readOperatorKey(folder)).toEqual(written);
});
