import { fillTemplate, hasReplacement, parseTemplate, type JobValues, type Template } from './replacement.ts';
import { shellQuote } from './shell-quote.ts';

/** What is run for each item. */
export type JobCommand =
  /** Words that no shell ever sees. */
  | { readonly type: 'argv'; readonly words: readonly Template[] }
  /** A line for the shell, with quoted items in it. */
  | { readonly type: 'line'; readonly line: Template }
  /** Each item is a line for the shell itself. */
  | { readonly type: 'items' };

/** The command of one job, in binary strings. */
export interface FilledCommand {
  readonly argv: readonly string[];
  /** A shell line that does the same, for the job log and for messages. */
  readonly text: string;
}

const item = parseTemplate('{}');

/** Reads the words behind `--`; the item goes to the end where nothing says where else. */
export function readCommand(words: readonly string[]): JobCommand {
  const [first, second] = words;
  // `{}` alone is quoted by nobody, or no item could be a command.
  if (first === undefined || (second === undefined && first === '{}')) return { type: 'items' };
  if (second === undefined) {
    const line = parseTemplate(first);
    return { type: 'line', line: hasReplacement(line) ? line : parseTemplate(`${first} {}`) };
  }
  const templates = words.map(parseTemplate);
  return { type: 'argv', words: templates.some(hasReplacement) ? templates : [...templates, item] };
}

/** Puts the items of a job into its command. `shell` is the program that runs a line. */
export function fillCommand(command: JobCommand, values: JobValues, shell: string): FilledCommand {
  switch (command.type) {
    case 'argv': {
      const argv = command.words.map((word) => fillTemplate(word, values, 'none'));
      const written = command.words.map((word, at) => (argv[at] === '' ? shellQuote('') : fillTemplate(word, values, 'all')));
      return { argv, text: written.join(' ') };
    }
    case 'line':
      return ofShell(shell, fillTemplate(command.line, values, 'items'));
    case 'items':
      return ofShell(shell, fillTemplate(item, values, 'none'));
  }
}

function ofShell(shell: string, line: string): FilledCommand {
  return { argv: [shell, '-c', line], text: line };
}
