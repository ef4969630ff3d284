import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The example of the README, from the root of the repository. */
export const exampleSpec = 'examples/first/mpctl.yaml';

/** The spec of the example as a Markdown block. */
export function renderExample(root: string): string {
  return `\`\`\`yaml\n${readFileSync(join(root, exampleSpec), 'utf8').trimEnd()}\n\`\`\``;
}

/** Runs the example with the built mpctl and gives its standard output, as a Markdown block. */
export async function runExample(root: string): Promise<string> {
  const { stdout } = await execa(process.execPath, [join(root, 'dist/mpctl.cjs'), 'run', exampleSpec], {
    cwd: root,
    env: { NO_COLOR: '1' },
  });
  return `\`\`\`text\n${stdout}\n\`\`\``;
}
