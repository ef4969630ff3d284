import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from './system-error-code.ts';
import { systemErrorText } from './system-error-text.ts';

/**
 * Why a file could not be made or written, for a sentence that names it: of a folder that is not there the system says the same as of
 * the file. None is made, as by GNU parallel and a shell: a slip in a path would go unseen.
 */
export function notWritableText(path: string, error: unknown): string {
  const folder = dirname(path);
  return systemErrorCode(error) === 'ENOENT' && !existsSync(folder) ? `there is no folder \`${folder}\` (\`mkdir -p\` makes it)` : systemErrorText(error);
}
