import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareContainment } from '../../../src/runtime/containment/prepare-containment.ts';
import { createRunFolder, type RunFolder } from '../../../src/runtime/run-folder/run-folder.ts';
import { temporaryFolder } from './worker-harness.ts';

/** A run for which a cgroup is made in a folder that is none, so that it cannot be entered. */
function folderOutside(): RunFolder {
  const projectFolder = temporaryFolder();
  const created = createRunFolder({
    projectFolder,
    name: 'test',
    spec: join(projectFolder, 'mpctl.yaml'),
    members: {},
    request: null,
    fates: [],
    earlierFolder: null,
    containment: { level: 'cgroup', parent: temporaryFolder() },
    outside: null,
    environment: {},
  });
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}

test('that a cgroup cannot be entered is noted once, whoever has asked for it, and nothing is left of it', async () => {
  const folder = folderOutside();
  const { cgroup } = folder;
  const noted: string[] = [];
  const prepared = prepareContainment('auto', { level: 'cgroup', parent: '/' }, { ...folder, noteWithoutCgroup: (level) => noted.push(level) });
  if (!prepared.ok) throw new Error(prepared.error.message);
  const { value: containment } = prepared;
  expect(containment.level).toBe('cgroup');
  expect(await Promise.all([containment.enter(), containment.enter()])).toEqual([null, null]);
  expect({ noted, level: containment.level, cgroup: containment.cgroup }).toEqual({ noted: ['marker'], level: 'marker', cgroup: null });
  expect(cgroup !== null && existsSync(cgroup)).toBe(false);
});
