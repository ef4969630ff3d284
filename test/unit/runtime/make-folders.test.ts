import type * as NodeFs from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeFolders } from '../../../src/runtime/run-folder/make-folders.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

/** Somebody else, who makes a folder as soon as it was found not to be there. */
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof NodeFs>();
  const mkdirSync = (path: string, options: NodeFs.MakeDirectoryOptions): void => {
    try {
      actual.mkdirSync(path, options);
    } catch (error) {
      if (!actual.existsSync(path)) actual.mkdirSync(path, { recursive: true });
      throw error;
    }
  };
  return { ...actual, mkdirSync };
});

it('takes a folder as made that another mpctl makes at the same time', () => {
  const path = join(tempFolder({}), '.mpctl', 'runs');
  makeFolders(path);
  expect(existsSync(path)).toBe(true);
});
