import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { defineFormat } from '../flag-values.ts';
import type { CheckFormat } from '../output-format.ts';

const examples = `
Examples:
  $ mpctl check
  $ mpctl check *.yaml --format github --strict
`;

/** `mpctl check`: everything that can be found out about specs without running them. */
export function defineCheck(program: Command, context: CommandContext): Command {
  return program
    .command('check')
    .description('Check specs without running anything.')
    .argument('[SPEC...]', 'files, folders, or - for standard input (default: mpctl.yaml)')
    .addOption(defineFormat<CheckFormat>(['text', 'json', 'github', 'sarif']))
    .option('--strict', 'a warning fails the check, too')
    .addHelpText('after', examples)
    .action(async (specs: readonly string[], flags: { format: CheckFormat; strict?: boolean }) => {
      const { checkSpecs } = await import('../check-specs.ts');
      context.exit = checkSpecs(context, specs, { format: flags.format, strict: flags.strict ?? false });
    });
}
