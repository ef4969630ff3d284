import type { Command, Option } from 'commander';
import { unreachable } from '../src/base/invariant.ts';
import type { Shell } from './shells.ts';

/** What is completed for one command. */
interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** Whether its arguments are files, as those of everything that takes a spec. */
  readonly takesSpec: boolean;
}

/** Writes the completion script of a shell from the definitions of the commands. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map(
    (command): Completed => ({
      name: command.name(),
      description: command.description(),
      options: [...command.options, ...program.options.filter((option) => option.long === '--no-color')],
      takesSpec: command.registeredArguments.some((argument) => argument.name().startsWith('SPEC')),
    }),
  );
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
    default:
      return unreachable(shell);
  }
}

function flagOf(option: Option): string {
  return option.long ?? option.flags;
}

function bashScript(commands: readonly Completed[]): string {
  const cases = commands.flatMap(({ name, options, takesSpec }) => [
    ...options.flatMap((option) =>
      option.argChoices === undefined
        ? []
        : [`    ${name}:${flagOf(option)}) COMPREPLY=($(compgen -W '${option.argChoices.join(' ')}' -- "$word")); return ;;`],
    ),
    `    ${name}:*) words='${[...options.map(flagOf), '--help'].join(' ')}'; files=${takesSpec ? 'yes' : 'no'} ;;`,
  ]);
  return `# bash completion of mpctl
_mpctl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words='' files=no
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${[...commands.map((command) => command.name), 'help', '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}:$previous" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "$files" = yes ]; then
    COMPREPLY+=($(compgen -f -X '!*.yaml' -- "$word") $(compgen -f -X '!*.yml' -- "$word") $(compgen -d -- "$word"))
  fi
}
complete -o filenames -F _mpctl mpctl
`;
}

function zshScript(commands: readonly Completed[]): string {
  const list = commands.map(({ name, description }) => `    ${quote(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options, takesSpec }) => {
    const specs = options.map((option) => {
      const value = option.argChoices === undefined ? ':value:' : `:value:(${option.argChoices.join(' ')})`;
      const text = `${flagOf(option)}[${option.description.replaceAll(/[[\]]/gu, '')}]`;
      return quote(`${text}${option.required || option.optional ? value : ''}`);
    });
    const files = takesSpec ? [quote('*:spec:_files -g "*.(yaml|yml)(-.)"')] : [];
    return `    ${name}) _arguments ${[...specs, quote('--help[print the help]'), ...files].join(' ')} ;;`;
  });
  return `#compdef mpctl
_mpctl() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
_mpctl "$@"
`;
}

function fishScript(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, description, options, takesSpec }) => {
    const inside = `-n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c mpctl -f -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
      ...options.map((option) => {
        const words = option.argChoices === undefined ? '' : ` -a ${quote(option.argChoices.join(' '))}`;
        const value = option.required || option.optional ? ' -x' : '';
        return `complete -c mpctl ${inside} -l ${flagOf(option).replace(/^--/u, '')}${value}${words} -d ${quote(option.description)}`;
      }),
      `complete -c mpctl ${inside} -l help -d 'print the help'`,
      ...(takesSpec ? [`complete -c mpctl ${inside} -k -a '(__fish_complete_suffix .yaml; __fish_complete_suffix .yml)'`] : []),
    ];
  });
  return `# fish completion of mpctl\n${lines.join('\n')}\n`;
}

/** For a POSIX-like shell: within single quotes only the single quote itself is special. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
