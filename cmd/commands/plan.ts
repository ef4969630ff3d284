import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { defineFormat } from '../flag-values.ts';
import type { PlanFormat } from '../output-format.ts';

const examples = `
Examples:
  $ mpctl plan
  $ mpctl plan nightly.yaml --format svg > nightly.svg
`;

/** `mpctl plan`: what would run, in which order, and who waits for what. */
export function definePlan(program: Command, context: CommandContext): Command {
  return program
    .command('plan')
    .description('Show what would run, in which order, and who waits for what.')
    .argument('[SPEC]', 'a file, a folder, or - for standard input (default: mpctl.yaml)')
    .addOption(defineFormat<PlanFormat>(['text', 'json', 'mermaid', 'dot', 'svg']))
    .addHelpText('after', examples)
    .action(async (spec: string | undefined, flags: { format: PlanFormat }) => {
      const { showPlan } = await import('../show-plan.ts');
      context.exit = await showPlan(context, spec, flags.format);
    });
}
