import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

/** `UPDATE=1` writes golden files as mpctl speaks now; the difference is then reviewed as any other change. */
export const updatesGoldenFiles = process.env['UPDATE'] === '1';

/** Expects exactly the text of a file, which must be there unless golden files are being written. */
export function expectGolden(file: string, text: string): void {
  if (updatesGoldenFiles) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}
