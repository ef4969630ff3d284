/* What can be run by the shell of a slot, and how the shell is told. */
import type { SlotPipe } from './slot-pipe.ts';
import { renewedKeyDigits } from '../door/keys.ts';
import { mostKeptWords } from './slot-script.ts';
import type { OutputTarget } from './spawn-request.ts';
import type { SubshellScript } from './subshell-script.ts';

/** Linux takes at most 128 KiB for one string, with the byte that ends it, and here a margin for the rest. */
const mostStringBytes = 128 * 1024 - 1;
const mostBytes = 1024 * 1024;

/** Variables that shells keep for themselves, or change. */
const ownVariables: ReadonlySet<string> = new Set(['BASHOPTS', 'BASH_ENV', 'DIRSTACK', 'ENV', 'EUID', 'FUNCNAME', 'GROUPS', 'IFS', 'LINENO', 'OPTIND', 'POSIXLY_CORRECT', 'PPID', 'RANDOM', 'SECONDS', 'SHELLOPTS', 'UID']);

/** Variables with another value in most tasks. */
const ofEachTask: ReadonlySet<string> = new Set(['MPCTL_ITEM', 'MPCTL_TASK', 'MPCTL_AUTHKEY', 'PARALLEL_SEQ']);
const beginningKinds = ['1', '2', '3'] as const;

/** Names that a shell takes for a command of its own, although there are programs of that name. */
const builtins: ReadonlySet<string> = new Set(
  '. : [ alias bg bind break builtin caller cd chdir command compgen complete compopt continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf print pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait whence'.split(' '),
);

/** Whether a program that the shell starts gets this environment as it is. */
export function canBePassedOn(environment: Readonly<Record<string, string>>): boolean {
  return Object.keys(environment).every(isPlainName);
}

/** Whether the shell can set such a variable, and uses it for nothing. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_]\w*$/u.test(name) && !ownVariables.has(name) && !name.startsWith('BASH_') && !name.startsWith('mpctl_slot_');
}

/** Whether the system takes these texts as arguments or variables. */
export function areShortEnough(texts: readonly string[]): boolean {
  let bytes = 0;
  for (const text of texts) {
    // In UTF-8 a unit of UTF-16 has at most three bytes.
    const length = text.length * 3 < mostStringBytes ? text.length : Buffer.byteLength(text);
    if (length > mostStringBytes || text.includes('\0')) return false;
    bytes += length;
  }
  return bytes <= mostBytes;
}

/** Whether the shell would run something else by this name. */
export function isBuiltin(name: string): boolean {
  return builtins.has(name);
}

/** The path of where output goes; `own` is the pipe that is read here. */
export function pathOf(target: OutputTarget, own: SlotPipe): string {
  switch (target.type) {
    case 'null':
      return '/dev/null';
    case 'file':
      return target.file;
    case 'lines':
    case 'capture':
    case 'bytes':
      return own.path;
    case 'inherit':
    case 'fd':
      throw new Error(`a command in a slot has no output of the kind \`${target.type}\``);
  }
}

/** What three variables of a command begin with, as `NAME=value` has it; the shell is told only what follows. */
export type Beginnings = readonly [first: string, second: string, third: string];

/** Those of the variables that differ from task to task; of a key its last digits do. */
export function beginningsOf(overlay: readonly (readonly [name: string, value: string | null])[]): Beginnings {
  const [first = '', second = '', third = ''] = overlay.flatMap(([name, value]) => {
    if (!ofEachTask.has(name) || value === null) return [];
    return [name === 'MPCTL_AUTHKEY' ? `${name}=${value.slice(0, -renewedKeyDigits)}` : `${name}=`];
  });
  return [first, second, third];
}

/** A variable for the shell that was started with these beginnings. */
export function toldVariable(beginnings: Beginnings, text: string): string {
  for (const [index, kind] of beginningKinds.entries()) {
    const beginning = beginnings[index];
    if (beginning !== undefined && beginning !== '' && text.startsWith(beginning)) return told(kind, text.slice(beginning.length));
  }
  return told('e', text);
}

/** The words of a command for the shell that has run `last`. */
export function toldWords(last: readonly string[], words: readonly string[]): string {
  let same = 0;
  while (same < words.length && words[same] === last[same]) same += 1;
  if (same === words.length && same === last.length) return '';
  const kept = Math.min(same, mostKeptWords);
  let lines = `k${kept}\n`;
  for (const word of words.slice(kept)) lines += told('a', word);
  return lines;
}

/** One line for the only word that a command has after its first one, where that is all that differs from the last one, for what changes from task to task, and for its start. */
export function toldLastWord(beginnings: Beginnings, changed: readonly string[], word: string): string {
  const [first, second, third] = beginnings;
  const [item, task, key] = changed;
  const same = `${first}${word}`;
  const isVariable = first !== '' && changed.includes(same);
  if (isVariable && changed.length === 3 && item === same && isOneWord(task, second) && isOneWord(key, third)) {
    return told('Z', `${task.slice(second.length)} ${key.slice(third.length)} ${word}`);
  }
  let lines = '';
  for (const text of changed) if (!isVariable || text !== same) lines += toldVariable(beginnings, text);
  return lines + told(isVariable ? 'Y' : 'X', word);
}

/** Whether what follows this beginning is a word that the shell can tell from the next one. */
function isOneWord(text: string | undefined, beginning: string): text is string {
  return text !== undefined && beginning !== '' && text.startsWith(beginning) && !/[ \n]/u.test(text);
}

/** That the command is complete; `hasWords`: what the shell says of a signal can be taken out of what the command has written. */
export function toldStart(script: SubshellScript | null, hasWords: boolean): string {
  if (script !== null) return script.stopsAtFailure ? 'd\n' : 'c\n';
  return hasWords ? 'x\n' : 's\n';
}

/** One text for the shell; a line of it but the last is told as one that goes on. */
export function told(kind: 'a' | 'e' | 'o' | 'r' | '1' | '2' | '3' | 'X' | 'Y' | 'Z', text: string): string {
  if (!text.includes('\n')) return `${kind}${text}\n`;
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return `${lines.map((line) => `M${line}\n`).join('')}${kind}${last}\n`;
}
