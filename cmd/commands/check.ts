import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { defineChoice, defineFormat } from '../flag-values.ts';
import type { CheckFormat } from '../output-format.ts';

const examples = `
Examples:
  $ mpctl check
  $ mpctl check *.yaml --format github --strict
  $ mpctl check --deep --require-proof
  $ mpctl check deploy.yaml --html deadlock.html
`;

interface CheckFlags {
  readonly format: CheckFormat;
  readonly strict?: boolean;
  readonly deep?: boolean;
  readonly requireProof?: boolean;
  readonly emit?: 'promela';
  readonly html?: string;
}

/** `mpctl check`: everything that can be found out about specs without running them. */
export function defineCheck(program: Command, context: CommandContext): Command {
  return program
    .command('check')
    .description('Check specs without running anything.')
    .argument('[SPEC...]', 'files, folders, or - for standard input (default: mpctl.yaml)')
    .addOption(defineFormat<CheckFormat>(['text', 'json', 'github', 'sarif']))
    .option('--strict', 'a warning fails the check, too')
    .option('--deep', 'look longer for a deadlock: up to a minute, at 10,000,000 states')
    .option('--require-proof', 'what is not proved to have no deadlock fails the check, too, as does what is proved but for something')
    .addOption(defineChoice('--emit', 'write the model of one spec for another checker', ['promela']))
    .option('--html <FILE>', 'also write a page with the verdicts, and the way to each deadlock as a diagram')
    .addHelpText('after', examples)
    .action(async (specs: readonly string[], flags: CheckFlags) => {
      if (flags.emit !== undefined) {
        const { emitModel } = await import('../emit-model.ts');
        context.exit = emitModel(context, specs);
        return;
      }
      const { checkSpecs } = await import('../check-specs.ts');
      context.exit = await checkSpecs(context, specs, { format: flags.format, strict: flags.strict ?? false, deep: flags.deep ?? false, requireProof: flags.requireProof ?? false, html: flags.html ?? null });
    });
}
