/** Writes the generated parts of the README. Needs the built mpctl, which runs the example. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runExample } from './readme-example.ts';
import { renderReadme } from './render-readme.ts';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');
writeFileSync(readme, renderReadme(root, readFileSync(readme, 'utf8'), await runExample(root)));
