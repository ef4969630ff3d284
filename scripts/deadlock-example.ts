import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The deadlock that everybody knows, with what `mpctl check` says of it, for the README. */
export function renderDeadlockExample(root: string): string {
  const folder = join(root, 'examples', 'deadlocks', 'locks-in-opposite-order');
  const block = (language: string, name: string): string => `\`\`\`${language}\n${readFileSync(join(folder, name), 'utf8').trimEnd()}\n\`\`\``;
  return `${block('text', 'wrong.yaml')}\n\n${block('text', 'expected.txt')}`;
}
