import type { Json } from '../base/json.ts';
import type { CommandPlan } from '../plan/command.ts';
import type { Overlay } from './spawn-order.ts';

/** The variables that differ from task to task: a job log would else say the same of each. */
const ownVariable = /^(?:MPCTL_(?:ITEM|TASK|WORKER|ATTEMPT)|MATRIX_\w+)$/u;

/** What a shell reads in another way than word by word: the text of such a script is left alone. */
const intricate = /<<|`|\$\(|\$\{\W|\$\{\w+[^\w}]/u;

/** The parts of any other script: a text in quotes of either kind, an escaped character, a comment, a variable. */
const part = /'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|(?<=^|[\s;&|(])#.*|\$(?:\{\w+\}|\w+)/gu;

/** The parts of a text in double quotes that matter here. */
const quotedPart = /\\[^]|\$(?:\{\w+\}|\w+)/gu;

type Values = ReadonlyMap<string, string>;

/**
 * The command of a task as it was written, for its job log: the words of a list, with quotes where a
 * shell would need them, or a script with the variables of the task filled in. Where that would be
 * another script they are set before it. Whoever runs it again runs the same.
 */
export function taskCommand(command: CommandPlan, argv: readonly string[], environment: Overlay): string {
  if (command.type === 'argv') return argv.map(quoted).join(' ');
  const script = command.script.trim();
  const values: Values = new Map(
    environment.flatMap(([name, value]) => (value !== null && ownVariable.test(name) && script.includes(name) ? [[name, value]] : [])),
  );
  // What follows the script is the name of the shell, then the arguments.
  const words = argv.slice(command.shell.length + 2);
  const set = words.length === 0 ? '' : `set -- ${words.map(quoted).join(' ')}; `;
  return `${set}${filledIn(script, values) ?? `${exported(values)}${script}`}`;
}

/** The same of a task of a long-lived worker: the line that it was given, for a worker of its own. */
export function workerTaskCommand(index: number, item: Json, argv: readonly string[]): string {
  return `printf '%s\\n' ${quoted(JSON.stringify({ task: index, item }))} | ${argv.map(quoted).join(' ')}`;
}

/**
 * What stands for it where a task is made of steps, which no shell can run: the pool and the item, as a comment.
 * As JSON the item has no newline, behind which a shell would go on.
 */
export function stepsTaskCommand(pool: string, item: Json): string {
  return `# ${pool} ${typeof item === 'string' && isWord(item) ? item : JSON.stringify(item)}`;
}

/** The script with its variables filled in; null where it would then be another script. */
function filledIn(script: string, values: Values): string | null {
  if (values.size === 0) return script;
  if (intricate.test(script)) return null;
  let isSame = true;
  const text = script.replaceAll(part, (written) => {
    if (written.startsWith('"')) return quotedFilledIn(written, values);
    const value = valueOf(written, values);
    // The variable of a command that stands in quotes itself, or a value that the shell would take apart.
    if (value === undefined ? written.startsWith("'") && mentions(written, values) : !isWord(value)) isSame = false;
    return value ?? written;
  });
  return isSame ? text : null;
}

function quotedFilledIn(written: string, values: Values): string {
  const whole = valueOf(written.slice(1, -1), values);
  if (whole !== undefined) return quoted(whole);
  return written.replaceAll(quotedPart, (inner) => valueOf(inner, values)?.replaceAll(/["$\\`]/gu, String.raw`\$&`) ?? inner);
}

function valueOf(written: string, values: Values): string | undefined {
  const name = /^\$\{?(?<name>\w+)\}?$/u.exec(written)?.groups?.['name'];
  return name === undefined ? undefined : values.get(name);
}

function mentions(text: string, values: Values): boolean {
  return [...values.keys()].some((name) => text.includes(name));
}

function exported(values: Values): string {
  return `export ${[...values].map(([name, value]) => `${name}=${quoted(value)}`).join(' ')}; `;
}

function isWord(text: string): boolean {
  return /^[\w@%+=:,./-]+$/u.test(text);
}

function quoted(word: string): string {
  return isWord(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
