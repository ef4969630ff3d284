import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { defineFormat } from '../flag-values.ts';

const examples = `
Examples:
  $ mpctl explain MP105
  $ mpctl explain             # all codes
`;

/** `mpctl explain CODE`: what a code means, with a wrong and a right example. */
export function defineExplain(program: Command, context: CommandContext): Command {
  return program
    .command('explain')
    .description('Say what a code means, why it matters, and show a wrong and a right example.')
    .argument('[CODE]', 'a code such as MP105; without it, all codes are listed')
    .addOption(defineFormat(['text', 'json']))
    .addHelpText('after', examples)
    .action(async (code: string | undefined, flags: { format: 'text' | 'json' }) => {
      const { explain } = await import('../explain-code.ts');
      context.exit = explain(context, code, flags.format);
    });
}
