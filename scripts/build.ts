/**
 * Builds `dist/`: the command line as CommonJS with a V8 code cache, the library as ES modules with
 * their types. Nothing is done when no source has changed since the last build; `--force` builds anyway.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './bundle-command-line.ts';
import { bundleLibrary } from './bundle-library.ts';
import { generateExplanations } from './generate-explanations.ts';
import { sourceDigest } from './source-digest.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const digest = sourceDigest(root);
const digestFile = join(dist, 'source-digest');

function isUpToDate(): boolean {
  return existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest;
}

if (process.argv.includes('--force') || !isUpToDate()) {
  // A build that fails halfway leaves the last good one in place.
  const draft = mkdtempSync(join(root, '.dist-'));
  try {
    chmodSync(draft, 0o755);
    await bundleLibrary(root, draft);
    generateExplanations(root, draft);
    await bundleCommandLine(root, draft);
    writeFileSync(join(draft, 'source-digest'), digest);
    rmSync(dist, { recursive: true, force: true });
    renameSync(draft, dist);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
