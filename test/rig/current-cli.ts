import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceDigest } from '../../scripts/source-digest.ts';
import { bundledCli } from './bundle-cli.ts';

const root = path.join(import.meta.dirname, '..', '..');
const dist = path.join(root, 'dist');

let current: Promise<string> | null = null;

/**
 * The command line of the sources as they are now: absolute path of a CommonJS file. It is the one that is shipped, with its code cache,
 * where that was built from them, as `npm test` does: a bundle without a cache takes twice as long to start. Else it is such a bundle.
 */
export function currentCli(): Promise<string> {
  current ??= isBuilt() ? Promise.resolve(path.join(dist, 'mpctl.cjs')) : bundledCli();
  return current;
}

function isBuilt(): boolean {
  const digestFile = path.join(dist, 'source-digest');
  return existsSync(digestFile) && readFileSync(digestFile, 'utf8') === sourceDigest(root);
}
