import type { Command } from 'commander';
import { invariant } from '../../src/base/invariant.ts';
import { readPackageFile } from '../assets.ts';
import type { CommandContext } from '../context.ts';
import { exitCodes, exitWith } from '../exit.ts';

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
      const schema = readPackageFile('schemas', 'mpctl.schema.json');
      invariant(schema !== null, 'this copy of mpctl lacks schemas/mpctl.schema.json');
      context.host.stdout.write(schema);
      context.exit = exitWith(exitCodes.success);
    });
}
