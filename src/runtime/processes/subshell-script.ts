import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { withoutStackTrace } from '../without-stack-trace.ts';

/** What the shell of a slot is to run by itself. */
export interface SubshellScript {
  /** Whether it ends at the first command that fails. */
  readonly stopsAtFailure: boolean;
  /** The script, then its arguments. */
  readonly words: readonly [script: string, ...args: string[]];
}

/** The shell of a slot is this one, and says its errors under this name. */
export const slotShellPath = '/bin/sh';

/**
 * Whether that shell does the same in a subshell of itself as one of its own does: of Dash it is known, except that some versions
 * replace themselves by the last command of a script, and so end by its signal, where a function waits for it and says it. BusyBox
 * does as well, and Bash says errors in a function under another name.
 */
export function runsScriptsItself(shell: string): boolean {
  try {
    if (basename(withoutStackTrace(() => realpathSync(shell))) !== 'dash') return false;
  } catch {
    return false;
  }
  const { stdout } = spawnSync(shell, ['-c', `echo $$; ${slotShellPath} -c 'echo $PPID'`], { encoding: 'utf8', env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
  const [own, parent] = (stdout ?? '').split('\n');
  return own !== '' && own === parent;
}

/** `$NAME`, `${NAME}`, `$1` and the like, and the beginning of `$(…)`: they say the same in a subshell. */
const plainExpansion = /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\}|[1-9@*#?!(])/gu;
/** Variables that a shell sets by itself, where a subshell has those of its parent; in Bash some more. And what only the shell of a slot has. */
const ownVariable = /\b(?:_|mpctl_slot_\w*|BASH\w*|E?UID|EPOCH\w*|FUNCNAME|LINENO|OPTIND|PPID|RANDOM|SECONDS|SHLVL|SRANDOM)\b/u;
/** What reads text as source, or acts on the shell itself, on the function or the loop around it. */
const ownCommand = /(?:^|[\s;&|()!`"'\\])(?:\.|alias|break|continue|eval|fc|history|local|return|set|source|times|trap|unalias)(?![\w./-])/u;

/**
 * What `/bin/sh -c SCRIPT` or `/bin/sh -e -c SCRIPT` runs, with its arguments, where a subshell of the slot's own shell
 * does the same: to start another shell costs several times as much as to fork this one. Null where that may make a difference, as with
 * `$$`, which is the process of the whole shell (POSIX, 2.5.2), or `trap`; where the script has more than one line, of which a shell
 * runs the first before it reads the second; and wherever a look at the text does not tell for certain.
 */
export function subshellScript(argv: readonly string[]): SubshellScript | null {
  if (argv[0] !== slotShellPath) return null;
  const stopsAtFailure = argv[1] === '-e';
  const [option, script, name = slotShellPath, ...args] = argv.slice(stopsAtFailure ? 2 : 1);
  if (option !== '-c' || script === undefined || name !== slotShellPath || !isSameInSubshell(script)) return null;
  return { stopsAtFailure, words: [script, ...args] };
}

/** It becomes the body of a function, so that errors are told as they are of a script. A shell takes one that begins like an option for one. */
function isSameInSubshell(script: string): boolean {
  if (!/^(?:\s+[^\s#]|[^\s#+-])/u.test(script) || /[\n\r]|\\$|<</u.test(script)) return false;
  return !/[${}]/u.test(script.replaceAll(plainExpansion, '')) && !ownVariable.test(script) && !ownCommand.test(script);
}
