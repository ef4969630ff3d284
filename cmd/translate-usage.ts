import type { Command, CommanderError } from 'commander';
import { didYouMean } from '../src/base/did-you-mean.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { laterCommands } from './later-commands.ts';
import { fullNameOf } from './usage-error.ts';

/** Says in our words what commander found wrong; the word that it names stands in quotes in its message. */
export function translateUsage(error: CommanderError, command: Command, commandNames: readonly string[]): Diagnostic {
  const name = fullNameOf(command);
  const quoted = /'(?<word>[^']*)'/u.exec(error.message)?.groups?.['word'] ?? '';
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownCommand(command.args[0] ?? quoted, commandNames);
    case 'commander.unknownOption':
      return unknownFlag(quoted, command);
    case 'commander.optionMissingArgument': {
      const option = command.options.find((each) => each.flags === quoted);
      const flag = option?.long ?? quoted;
      const example = option?.argChoices?.join('|') ?? quoted.replace(/^.*<(?<name>.*)>$/u, '$<name>');
      return makeDiagnostic('MP003', `\`${flag}\` needs a value`, { hint: `write \`${flag} ${example}\`` });
    }
    case 'commander.missingArgument':
      return makeDiagnostic('MP004', `\`${name}\` needs ${quoted.toUpperCase()}, and nothing was given`, { hint: helpHint(name) });
    case 'commander.excessArguments': {
      const taken = command.registeredArguments.length;
      const extra = command.args.slice(taken).map((argument) => `\`${argument}\``).join(', ');
      const takes = taken === 0 ? 'no arguments' : `at most ${taken} argument${taken === 1 ? '' : 's'}`;
      return makeDiagnostic('MP004', `\`${name}\` takes ${takes}, found ${extra} too many`, { hint: helpHint(name) });
    }
    default:
      return makeDiagnostic('MP004', error.message.replace(/^error: /u, ''), { hint: helpHint(name) });
  }
}

/** A word that is no command, where one was meant. */
export function unknownCommand(word: string, commandNames: readonly string[]): Diagnostic {
  if (laterCommands.has(word)) {
    return makeDiagnostic('MP005', `\`mpctl ${word}\` is not in this version`, {
      hint: '`mpctl --help` lists the commands that are',
    });
  }
  const meant = didYouMean(word, commandNames);
  const hint = /\.ya?ml$/u.test(word) ? `to run a spec, write \`mpctl run ${word}\`` : helpHint('mpctl');
  return makeDiagnostic('MP002', `\`${word}\` is not a command of mpctl`, {
    hint: meant === null ? hint : `did you mean \`mpctl ${meant}\`?`,
  });
}

function unknownFlag(written: string, command: Command): Diagnostic {
  const name = fullNameOf(command);
  const flag = written.replace(/=.*$/su, '');
  if (flag !== written && command.options.some((option) => option.long === flag)) {
    return makeDiagnostic('MP003', `\`${flag}\` takes no value`, { hint: `write \`${flag}\` alone` });
  }
  const flags = [command, ...(command.parent === null ? [] : [command.parent])].flatMap((each) =>
    each.options.flatMap((option) => (option.long === undefined ? [] : [option.long])),
  );
  const meant = flag.startsWith('--') ? didYouMean(flag, [...flags, '--help']) : null;
  return makeDiagnostic('MP003', `\`${name}\` has no flag \`${flag}\``, {
    hint: meant === null ? helpHint(name) : `did you mean \`${meant}\`?`,
  });
}

function helpHint(name: string): string {
  return `\`${name} --help\` shows what it takes`;
}
