import { Argument, type Command } from 'commander';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { makeDiagnostic } from '../../src/diagnostics/make-diagnostic.ts';
import { didYouMean } from '../../src/base/did-you-mean.ts';
import type { CommandContext } from '../context.ts';
import { exitWith } from '../exit.ts';
import { shells, type Shell } from '../shells.ts';
import { UsageError } from '../usage-error.ts';

const examples = `
Examples:
  $ mpctl completion bash > ~/.local/share/bash-completion/completions/mpctl
  $ mpctl completion zsh > "\${fpath[1]}/_mpctl"
  $ mpctl completion fish > ~/.config/fish/completions/mpctl.fish
`;

/** `mpctl completion SHELL`: a script that completes commands and flags, made from their definitions. */
export function defineCompletion(program: Command, context: CommandContext): Command {
  return program
    .command('completion')
    .description('Print a script that completes commands and flags in a shell.')
    .addArgument(new Argument('<SHELL>', 'bash, zsh or fish').argParser(parseShell))
    .addHelpText('after', examples)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion-script.ts');
      context.host.stdout.write(completionScript(program, shell));
      context.exit = exitWith(exitCodes.success);
    });
}

function parseShell(value: string): Shell {
  const shell = shells.find((each) => each === value);
  if (shell !== undefined) return shell;
  const meant = didYouMean(value, shells);
  throw new UsageError(
    makeDiagnostic('MP004', `\`mpctl completion\` expects \`bash\`, \`zsh\` or \`fish\`, found \`${value}\``, {
      hint: meant === null ? null : `did you mean \`mpctl completion ${meant}\`?`,
    }),
  );
}
