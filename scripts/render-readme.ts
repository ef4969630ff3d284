import { renderCommands } from './command-table.ts';
import { renderCodes, renderExitCodes } from './code-tables.ts';
import { renderDeadlockExample } from './deadlock-example.ts';
import { fillBlocks } from './generated-blocks.ts';
import { renderExample } from './readme-example.ts';
import { renderReference } from './reference-tables.ts';
import { languageDefinitions } from './schema-node.ts';

/** The README with its generated parts made anew, given the output of its example as it is now. */
export function renderReadme(root: string, readme: string, exampleOutput: string): string {
  return fillBlocks(readme, {
    example: renderExample(root),
    'example-output': exampleOutput,
    deadlock: renderDeadlockExample(root),
    commands: renderCommands(),
    'exit-codes': renderExitCodes(),
    reference: renderReference(languageDefinitions()),
    codes: renderCodes(),
  });
}
