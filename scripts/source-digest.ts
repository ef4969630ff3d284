import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the build reads, from the root of the repository. */
const sources = [
  'cmd',
  'src',
  'scripts',
  'examples/diagnostics',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
  'tsconfig.types.json',
];

/** A digest of everything that the build reads and of the Node that makes its code cache. */
export function sourceDigest(root: string): string {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}`);
  for (const path of sources.flatMap((source) => filesBelow(root, source)).toSorted()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function filesBelow(root: string, path: string): readonly string[] {
  // Python writes it beside what it has read.
  if (path.endsWith('/__pycache__')) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(root, join(path, entry.name)) : [join(path, entry.name)],
  );
}
