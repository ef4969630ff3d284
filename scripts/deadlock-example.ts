import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The wrong example of MP901 with what `mpctl check` says of it, for the README. */
export function renderDeadlockExample(root: string): string {
  const folder = join(root, 'examples', 'diagnostics', 'MP901');
  const block = (language: string, name: string): string => `\`\`\`${language}\n${readFileSync(join(folder, name), 'utf8').trimEnd()}\n\`\`\``;
  return `${block('text', 'wrong.yaml')}\n\n${block('text', 'expected.txt')}`;
}
