import { didYouMean } from '../../src/base/did-you-mean.ts';
import { type Flag, flagLetters, flagValues, isFlag, type OutputForm, outputForms } from './flags.ts';
import { UsageProblem } from './refusal.ts';
import type { Arguments, Verb } from './verb.ts';

/**
 * Reads what stands behind a verb. A number with a minus sign is a word, so that `value add N -1` works,
 * and `-` alone is one too.
 *
 * @throws UsageProblem
 */
export function readArguments(fullName: string, verb: Verb, argv: readonly string[]): Arguments {
  const words: string[] = [];
  const switches = new Set<Flag>();
  const values = new Map<Flag, string>();
  let command: readonly string[] | null = null;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--') {
      command = argv.slice(index + 1);
      break;
    }
    if (!/^-[^\d.]/u.test(argument)) {
      words.push(argument);
      continue;
    }
    const [name = '', ...rest] = argument.split('=');
    const flag = flagOf(fullName, verb, name);
    const placeholder = flagValues[flag];
    if (placeholder === null) {
      if (rest.length > 0) throw new UsageProblem(`\`${flag}\` takes no value`, null);
      switches.add(flag);
    } else if (rest.length > 0) {
      values.set(flag, rest.join('='));
    } else {
      index += 1;
      values.set(flag, argv[index] ?? missing(flag, placeholder));
    }
  }
  if (values.has('--timeout') && switches.has('--no-wait')) {
    throw new UsageProblem('`--timeout` and `--no-wait` exclude each other', 'leave one of them out');
  }
  if (formatOf(values.get('--format')) === 'json') switches.add('--json');
  // What stands behind `--` is words where the verb has no command: `queue put jobs -- --json`.
  if (command !== null && verb.command !== true) words.push(...command);
  checkWords(fullName, verb, words);
  if (verb.command === true && (command?.length ?? 0) === 0) {
    throw new UsageProblem(`\`${fullName}\` needs a command behind \`--\``, `for example \`${verb.example}\``);
  }
  return { words, command, switches, values };
}

function flagOf(fullName: string, verb: Verb, written: string): Flag {
  const name = flagLetters.get(written) ?? written;
  if (isFlag(name) && verb.flags.includes(name)) return name;
  const meant = name.startsWith('--') ? didYouMean(name, [...verb.flags, '--help']) : null;
  throw new UsageProblem(
    `\`${fullName}\` has no flag \`${written}\``,
    meant === null ? `\`${fullName} --help\` shows what it takes` : `did you mean \`${meant}\`?`,
  );
}

/** `--format json`, as the commands have it, is `--json`. */
function formatOf(written: string | undefined): OutputForm | null {
  if (written === undefined) return null;
  const form = outputForms.find((each) => each === written);
  if (form === undefined) throw new UsageProblem(`\`${written}\` is no form of the output`, `one of ${outputForms.join(', ')}`);
  return form;
}

function missing(flag: Flag, placeholder: string): never {
  throw new UsageProblem(`\`${flag}\` needs a value`, `write \`${flag} ${placeholder}\``);
}

function checkWords(fullName: string, verb: Verb, words: readonly string[]): void {
  const [least, most] = verb.words;
  const hint = `it is \`${`${fullName} ${verb.takes}`.trimEnd()}\`, for example \`${verb.example}\``;
  if (words.length < least) throw new UsageProblem(`\`${fullName}\` needs more than it was given`, hint);
  if (words.length <= most) return;
  const extra = words.slice(most).map((word) => `\`${word}\``);
  throw new UsageProblem(`\`${fullName}\` takes less than it was given: ${extra.join(', ')} too many`, hint);
}
