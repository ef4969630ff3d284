import type { Command } from 'commander';
import { unreachable } from '../src/base/invariant.ts';
import { completedCommands, type CompletedCommand, type CompletedFlag } from './completed-commands.ts';
import type { Shell } from './shells.ts';

/** Writes the completion script of a shell from the definitions of the commands and verbs. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = completedCommands(program);
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

function namesOf(commands: readonly CompletedCommand[]): string {
  return commands.map(({ name }) => name).join(' ');
}

function bashScript(commands: readonly CompletedCommand[]): string {
  const groups = commands.filter(({ verbs }) => verbs.length > 0);
  const seconds = groups.map(({ name, verbs, flags }) => `    ${name}) words='${[namesOf(verbs), ...flags.map(({ flag }) => flag)].join(' ')} --help' ;;`);
  const cases = commands.flatMap(({ verbs, ...command }) => {
    const own = verbs.length === 0 || command.flags.length > 0 ? bashCases(command.name, command) : [];
    return [...own, ...verbs.flatMap((verb) => bashCases(`${command.name} ${verb.name}`, verb))];
  });
  return `# bash completion of mpctl
_mpctl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words='' files=no
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${namesOf(commands)} help --help --version' -- "$word"))
    return
  fi
  case "$command" in
${seconds.join('\n')}
  esac
  if [ -n "$words" ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then
      COMPREPLY=($(compgen -W "$words" -- "$word"))
      return
    fi
    case "\${COMP_WORDS[2]}" in
      -*) ;;
      *) command="$command \${COMP_WORDS[2]}" ;;
    esac
  fi
  case "$command:$previous" in
${cases.join('\n')}
    *) words='' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "$files" = yes ]; then
    COMPREPLY+=($(compgen -f -X '!*.yaml' -- "$word") $(compgen -f -X '!*.yml' -- "$word") $(compgen -d -- "$word"))
  fi
}
complete -o filenames -F _mpctl mpctl
`;
}

function bashCases(words: string, { flags, takesSpec, choices: own }: Pick<CompletedCommand, 'flags' | 'takesSpec' | 'choices'>): readonly string[] {
  return [
    ...flags.flatMap(({ flag, choices }) =>
      choices.length === 0 ? [] : [`    '${words}:${flag}') COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); return ;;`],
    ),
    `    '${words}:'*) words='${[...own, ...flags.map(({ flag }) => flag), '--help'].join(' ')}'; files=${takesSpec ? 'yes' : 'no'} ;;`,
  ];
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const cases = commands.map((command) => {
    const { name, verbs } = command;
    if (verbs.length === 0) return `    ${name}) ${zshArguments(command)} ;;`;
    return `    ${name})
${command.flags.length === 0 ? '' : `      if [[ $words[2] == -* ]]; then
        ${zshArguments(command)}
        return
      fi
`}      if (( CURRENT == 2 )); then
        commands=(
${zshList(verbs, '          ')}
        )
        _describe verb commands
        return
      fi
      name=$words[2]
      shift words
      (( CURRENT-- ))
      case $name in
${verbs.map((verb) => `        ${verb.name}) ${zshArguments(verb)} ;;`).join('\n')}
      esac ;;`;
  });
  return `#compdef mpctl
_mpctl() {
  local -a commands
  commands=(
${zshList(commands, '    ')}
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

function zshList(commands: readonly CompletedCommand[], indent: string): string {
  return commands.map(({ name, description }) => `${indent}${quote(`${name}:${description}`)}`).join('\n');
}

function zshArguments({ flags, takesSpec, choices: own }: CompletedCommand): string {
  const specs = flags.map(({ flag, description, takesValue, choices }) => {
    const value = choices.length === 0 ? ':value:' : `:value:(${choices.join(' ')})`;
    // Brackets end a description, and so does a colon.
    const text = `${flag}[${description.replaceAll(/[[\]]/gu, '').replaceAll(':', String.raw`\:`)}]`;
    return quote(`${text}${takesValue ? value : ''}`);
  });
  const files = takesSpec ? [quote('*:spec:_files -g "*.(yaml|yml)(-.)"')] : [];
  const words = own.length === 0 ? [] : [quote(`1:word:(${own.join(' ')})`)];
  return `_arguments ${[...specs, quote('--help[print the help]'), ...words, ...files].join(' ')}`;
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c mpctl -f -n __fish_use_subcommand -a ${command.name} -d ${quote(command.description)}`,
    ...command.verbs.flatMap((verb) => [
      `complete -c mpctl -f -n ${quote(`__mpctl_is ${command.name}`)} -a ${verb.name} -d ${quote(verb.description)}`,
      ...fishFlags(`${command.name} ${verb.name}`, verb),
    ]),
    ...(command.verbs.length === 0 || command.flags.length > 0 ? fishFlags(command.name, command) : []),
  ]);
  return `# fish completion of mpctl
# Whether the words behind mpctl begin like this; the second: whether they are these and no more.
function __mpctl_begins
  set -l words (commandline -opc)
  set -l last (math (count $argv) + 1)
  test "$words[2..$last]" = "$argv"
end
function __mpctl_is
  test (count (commandline -opc)) -eq (math (count $argv) + 1); and __mpctl_begins $argv
end
${lines.join('\n')}
`;
}

function fishFlags(words: string, { flags, takesSpec, choices }: CompletedCommand): readonly string[] {
  const inside = `-n ${quote(`__mpctl_begins ${words}`)}`;
  return [
    ...flags.map((flag) => fishFlag(inside, flag)),
    `complete -c mpctl ${inside} -l help -d 'print the help'`,
    ...(choices.length === 0 ? [] : [`complete -c mpctl -f -n ${quote(`__mpctl_is ${words}`)} -a ${quote(choices.join(' '))}`]),
    ...(takesSpec ? [`complete -c mpctl ${inside} -k -a '(__fish_complete_suffix .yaml; __fish_complete_suffix .yml)'`] : []),
  ];
}

function fishFlag(inside: string, { flag, description, takesValue, choices }: CompletedFlag): string {
  const words = choices.length === 0 ? '' : ` -a ${quote(choices.join(' '))}`;
  return `complete -c mpctl ${inside} -l ${flag.replace(/^--/u, '')}${takesValue ? ' -x' : ''}${words} -d ${quote(description)}`;
}

/** For a POSIX-like shell: within single quotes only the single quote itself is special. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
