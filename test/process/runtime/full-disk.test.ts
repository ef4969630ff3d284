import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './worker-harness.ts';

test('a client that cuts its files short while the disk is full has nothing left to it, and the run goes on', () => {
  const fixture = join(import.meta.dirname, '..', 'fixtures', 'full-disk.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', fixture, temporaryFolder()], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    ['left', true],
    ['other', 'granted', 'granted'],
    ['again', 'granted', { ok: false, error: { kind: 'refused', message: 'the file for it cannot be written' } }, 'timed_out', 'granted'],
    ['loan', false, [0]],
    ['credit', []],
  ]);
  expect(status).toBe(0);
});
