import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** What a command name leads to. */
export type FoundCommand =
  | { readonly type: 'executable'; readonly path: string }
  /** Something of that name is there and cannot be executed. */
  | { readonly type: 'not_executable'; readonly path: string; readonly why: 'directory' | 'permission' }
  | { readonly type: 'missing' };

/**
 * Looks a command up as execvp(3) does: a name with a slash is a path from `cwd`, any other is
 * searched in `searchPath`, where a match that cannot be executed gives way to a later one.
 */
export function findCommand(name: string, cwd: string, searchPath: string | undefined): FoundCommand {
  if (name.includes('/')) return examine(resolve(cwd, name));
  let refused: FoundCommand = { type: 'missing' };
  for (const folder of (searchPath ?? '/bin:/usr/bin').split(':')) {
    const found = examine(resolve(cwd, folder, name));
    if (found.type === 'executable') return found;
    if (refused.type === 'missing') refused = found;
  }
  return refused;
}

function examine(path: string): FoundCommand {
  try {
    if (statSync(path).isDirectory()) return { type: 'not_executable', path, why: 'directory' };
  } catch {
    return { type: 'missing' };
  }
  try {
    accessSync(path, constants.X_OK);
    return { type: 'executable', path };
  } catch {
    return { type: 'not_executable', path, why: 'permission' };
  }
}
