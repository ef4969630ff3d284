import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Four versions of mpctl and Node keep their caches, one of each bundle; older files are removed. */
const keptFiles = 8;

/**
 * The user's own cache folder: `$XDG_CACHE_HOME/mpctl`, by default `~/.cache/mpctl`. A relative
 * `XDG_CACHE_HOME` is ignored, as the XDG Base Directory Specification asks.
 */
export function userCacheFolder(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(base) ? base : join(homedir(), '.cache'), 'mpctl');
}

/**
 * Whether nobody else can write to the folder. Whoever can write a code cache can run code as the
 * user, so that a folder of anybody else, or one open to others, is neither read nor written.
 */
export function isPrivateFolder(folder: string): boolean {
  try {
    const status = lstatSync(folder);
    return status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/** Writes the cache as a whole or not at all. A cache that cannot be written is only slower. */
export function writeCache(folder: string, file: string, data: Buffer): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isPrivateFolder(folder)) return;
    const draft = `${file}.${String(process.pid)}`;
    writeFileSync(draft, data, { mode: 0o600 });
    renameSync(draft, file);
    removeOldest(folder);
  } catch {
    // A full disk or a read-only home must not stop the command that was asked for.
  }
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => /^(?:main|check)-/u.test(name))
    .map((name) => join(folder, name))
    .map((path) => ({ path, modifiedMs: statSync(path).mtimeMs }))
    .toSorted((left, right) => right.modifiedMs - left.modifiedMs);
  for (const { path } of files.slice(keptFiles)) rmSync(path, { force: true });
}
