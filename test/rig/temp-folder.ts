import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Makes a folder with these files (path to text) for the running test; it is removed when the test has ended.
 *
 * @param parent where the folder is made
 */
export function tempFolder(files: Readonly<Record<string, string>> = {}, parent = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(path.join(parent, 'mpctl-test-')));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}
