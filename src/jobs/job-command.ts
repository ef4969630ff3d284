import { fillTemplate, hasReplacement, parseTemplate, type JobValues, type Template } from './replacement.ts';
import { shellQuote } from './shell-quote.ts';

/** What is run for each item. */
export type JobCommand =
  /** Words that no shell ever sees. */
  | { readonly type: 'argv'; readonly words: readonly Template[] }
  /** A line for the shell, with items in it. */
  | { readonly type: 'line'; readonly line: Template; readonly quotesItems: boolean }
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
  if (first === undefined) return { type: 'items' };
  if (second === undefined) {
    const written = parseTemplate(first);
    const line = hasReplacement(written) ? written : parseTemplate(`${first} {}`);
    return { type: 'line', line, quotesItems: !beginsWithItem(line) };
  }
  const templates = words.map(parseTemplate);
  return { type: 'argv', words: templates.some(hasReplacement) ? templates : [...templates, item] };
}

/**
 * Whether an item is part of the name of the command, and not of a variable that is set before it. GNU parallel
 * quotes nothing then, or no item could be a command with arguments.
 */
function beginsWithItem([first, second]: Template): boolean {
  if (first?.type !== 'text') return true;
  return second !== undefined && /^[^ \t\n=]*$/.test(first.text);
}

/** Puts the items of a job into its command. `shell` is the program that runs a line. */
export function fillCommand(command: JobCommand, values: JobValues, shell: string): FilledCommand {
  switch (command.type) {
    case 'argv': {
      const argv: string[] = [];
      let text = '';
      for (const template of command.words) {
        const word = fillTemplate(template, values, 'none');
        if (argv.length > 0) text += ' ';
        text += word === '' ? shellQuote('') : fillTemplate(template, values, 'all');
        argv.push(word);
      }
      return { argv, text };
    }
    case 'line':
      return ofShell(shell, fillTemplate(command.line, values, command.quotesItems ? 'items' : 'none'));
    case 'items':
      return ofShell(shell, fillTemplate(item, values, 'none'));
  }
}

function ofShell(shell: string, line: string): FilledCommand {
  return { argv: [shell, '-c', line], text: line };
}
