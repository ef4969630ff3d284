import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from './temp-folder.ts';

/** A program of the verbs alone: one file, which another user can be given. */
export function verbsAlone(): string {
  const bundle = readFileSync(path.join(import.meta.dirname, '..', '..', 'dist', 'verbs.cjs'), 'utf8');
  return path.join(tempFolder({ 'verbs.cjs': `${bundle}(require, __filename, __dirname);\n` }), 'verbs.cjs');
}
