import type { Command } from 'commander';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { readSchema } from '../assets.ts';
import type { CommandContext } from '../context.ts';
import { exitWith } from '../exit.ts';

const examples = `
Example:
  $ mpctl schema > mpctl.schema.json
`;

/** `mpctl schema`: the JSON Schema of specs, for editors and other tools. */
export function defineSchema(program: Command, context: CommandContext): Command {
  return program
    .command('schema')
    .description('Print the JSON Schema of specs.')
    .addHelpText('after', examples)
    .action(() => {
      context.host.stdout.write(readSchema());
      context.exit = exitWith(exitCodes.success);
    });
}
