import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { present } from '../src/base/invariant.ts';

/** `dist` for the bundle and `cmd` for the sources: both stand beside `schemas` and `package.json`. */
const programDir = import.meta.dirname;

/** Absolute path of a file that is shipped with the program, given relative to the package. */
export function packagePath(...parts: readonly string[]): string {
  return path.join(programDir, '..', ...parts);
}

/** Text of a file that is shipped with the program; null where this copy of the program lacks it. */
export function readPackageFile(...parts: readonly string[]): string | null {
  const file = packagePath(...parts);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Absolute path of the folder with the client for Python, which workers find on their `PYTHONPATH`. */
export function pythonFolder(): string {
  return packagePath('src', 'client', 'python');
}

/** The JSON Schema of specs, as it is shipped. */
export function readSchema(): string {
  return present(readPackageFile('schemas', 'mpctl.schema.json'), 'every copy of mpctl has schemas/mpctl.schema.json');
}

/** The version in package.json. */
export function readVersion(): string {
  const description: unknown = JSON.parse(readPackageFile('package.json') ?? 'null');
  const known = typeof description === 'object' && description !== null && 'version' in description;
  return known && typeof description.version === 'string' ? description.version : 'unknown';
}
