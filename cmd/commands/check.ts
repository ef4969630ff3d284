import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { defineFormat } from '../flag-values.ts';

const examples = `
Examples:
  $ mpctl check
  $ mpctl check *.yaml --format github --strict
`;

/** How `mpctl check` writes its findings. */
export type CheckFormat = 'text' | 'json' | 'github';

/** `mpctl check`: everything that can be found out about specs without running them. */
export function defineCheck(program: Command, context: CommandContext): Command {
  return program
    .command('check')
    .description('Check specs without running anything.')
    .argument('[SPEC...]', 'files, folders, or - for standard input (default: mpctl.yaml)')
    .addOption(defineFormat<CheckFormat>(['text', 'json', 'github']))
    .option('--strict', 'a warning fails the check, too')
    .addHelpText('after', examples)
    .action(async (specs: readonly string[], flags: { format: CheckFormat; strict?: boolean }) => {
      const { checkSpecs } = await import('../check-specs.ts');
      context.exit = checkSpecs(context, specs, { format: flags.format, strict: flags.strict ?? false });
    });
}
