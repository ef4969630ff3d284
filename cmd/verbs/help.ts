import { type Flag, flagLetters, flagMeanings, flagValues } from './flags.ts';
import type { Verb, VerbGroup } from './verb.ts';

const exitCodes = `Exit codes:
  0    yes, done
  1    no: it would have to wait, is full, empty or not set
  2    the command line was wrong
  3    end of stream
  4    broken, not the owner, not declared, not reachable
  5    deadlock: it would wait for itself for ever
  69   not inside a run, or the run has ended
  124  the time is over
`;

const noOfWait = 'not yet, where it was not to wait (`--timeout 0s`)';
const noOfDoctor = 'something does not work, for want of what is named as `missing`';

/** From another terminal; only one that may wait ends with 124, and with 1 that one and `doctor`. */
function operatorExitCodes({ name, flags }: Verb): string {
  const waits = flags.includes('--timeout');
  const no = name === 'doctor' ? noOfDoctor : noOfWait;
  return `Exit codes:
  0    yes, done
${name === 'doctor' || waits ? `  1    ${no}\n` : ''}  2    the command line was wrong, or names nothing that is here
  4    refused, not reachable, or can no longer come
${waits ? '  124  the time is over\n' : ''}`;
}

const optionPlaces = '--help, -h';

/** What one verb takes, with an example; `isOperators` for one that is called from another terminal. */
export function verbHelp(fullName: string, verb: Verb, isOperators: boolean): string {
  const options = verb.flags.map((flag) => [flagText(flag), flagMeanings[flag]] as const);
  const usage = [fullName, ...(verb.flags.length === 0 ? [] : ['[options]']), verb.takes].filter((part) => part !== '');
  return [
    `Usage: ${usage.join(' ')}\n`,
    `${verb.summary}\n`,
    `Options:\n${table([...options, [optionPlaces, 'print this help']])}`,
    isOperators ? operatorExitCodes(verb) : exitCodes,
    `Example:\n  $ ${verb.example}\n`,
  ].join('\n');
}

function flagText(flag: Flag): string {
  const letters = [...flagLetters].flatMap(([letter, long]) => (long === flag ? [letter] : []));
  return [[flag, ...letters].join(', '), ...(flagValues[flag] === null ? [] : [flagValues[flag]])].join(' ');
}

/** The verbs of a group, and what they are good for. */
export function groupHelp({ name, summary, verbs }: VerbGroup): string {
  const [first] = verbs;
  return [
    `Usage: mpctl ${name} VERB …\n`,
    `${summary} For the processes that \`mpctl run\` has started.\n`,
    `Verbs:\n${table(verbs.map((verb) => [`${verb.name} ${verb.takes}`.trimEnd(), verb.summary] as const))}`,
    exitCodes,
    `Example:\n  $ ${first?.example ?? ''}\n`,
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}
