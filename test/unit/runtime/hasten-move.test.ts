import { readFileSync, watch } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hastenMove } from '../../../src/runtime/containment/hasten-move.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

it('moves this process, 0, to the cgroup that it is in', async () => {
  const folder = tempFolder({ 'cgroup.procs': '' });
  const file = join(folder, 'cgroup.procs');
  const watcher = watch(file);
  const changed = once(watcher, 'change');
  hastenMove(folder);
  await changed;
  watcher.close();
  expect(readFileSync(file, 'utf8')).toBe('0');
});
