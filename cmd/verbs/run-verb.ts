import { didYouMean } from '../../src/base/did-you-mean.ts';
import { verbGroups } from './groups.ts';
import { groupHelp, verbHelp } from './help.ts';
import { readArguments } from './read-arguments.ts';
import { operatorVerbs } from './operator-verbs.ts';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import { runVerbs } from './run-verbs.ts';
import type { Verb, World } from './verb.ts';

/** A verb that was found by its words. */
interface Found {
  readonly fullName: string;
  readonly verb: Verb;
  readonly rest: readonly string[];
}

/** Does what the arguments ask for and gives the exit code; what is wrong with them is said in one line. */
export async function runVerb(argv: readonly string[], world: World): Promise<number> {
  try {
    const found = find(argv[0] === 'help' ? [...argv.slice(1, 3), '--help'] : argv);
    if (typeof found === 'string') {
      world.write(found);
      return verbExitCodes.yes;
    }
    return await found.verb.run(readArguments(found.fullName, found.verb, found.rest), world);
  } catch (error) {
    if (!(error instanceof UsageProblem)) throw error;
    world.complain(error.hint === null ? error.message : `${error.message} (${error.hint})`);
    return verbExitCodes.usage;
  }
}

/** The verb, or the help that was asked for. */
function find([first = '', ...rest]: readonly string[]): Found | string {
  const single = [...runVerbs, ...operatorVerbs].find(({ name }) => name === first);
  if (single !== undefined) return orHelp({ fullName: `mpctl ${first}`, verb: single, rest });
  const group = verbGroups.find(({ name }) => name === first);
  if (group === undefined) throw new UsageProblem(`\`${first}\` is not a verb of mpctl`, '`mpctl --help` lists the commands');
  const [second] = rest;
  const names = group.verbs.map(({ name }) => name);
  if (second === undefined) throw new UsageProblem(`\`mpctl ${first}\` needs a verb`, `one of ${names.join(', ')}`);
  if (isHelp(second)) return groupHelp(group);
  const verb = group.verbs.find(({ name }) => name === second);
  if (verb !== undefined) return orHelp({ fullName: `mpctl ${first} ${second}`, verb, rest: rest.slice(1) });
  const meant = didYouMean(second, names);
  throw new UsageProblem(
    `\`mpctl ${first}\` has no verb \`${second}\``,
    meant === null ? `one of ${names.join(', ')}` : `did you mean \`mpctl ${first} ${meant}\`?`,
  );
}

function orHelp(found: Found): Found | string {
  const end = found.rest.indexOf('--');
  const own = end === -1 ? found.rest : found.rest.slice(0, end);
  return own.some(isHelp) ? verbHelp(found.fullName, found.verb, operatorVerbs.includes(found.verb)) : found;
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}
