import { verbExitCodes } from './refusal.ts';
import { namedVerb, say, simpleVerb } from './simple-verb.ts';
import { itemOf, nameOf, numberOf, printed } from './values.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl value …`. */
export const valueVerbs: VerbGroup = {
  name: 'value',
  summary: 'Reads and changes shared values.',
  verbs: [
    namedVerb({
      name: 'get',
      takes: 'VALUE',
      summary: 'Prints it.',
      example: 'mpctl value get counter',
      flags: ['--json'],
      method: 'value.get',
      reply: (value, given) => say(printed(given, value)),
    }),
    simpleVerb({
      name: 'set',
      takes: 'VALUE ITEM',
      summary: 'Sets it to a text, or with `--json` to a JSON value.',
      example: 'mpctl value set counter 0 --json',
      words: [2, 2],
      flags: ['--json'],
      method: 'value.set',
      params: (given) => ({ name: nameOf(given), item: itemOf(given, given.words[1] ?? '') }),
    }),
    simpleVerb({
      name: 'add',
      takes: 'VALUE [NUMBER]',
      summary: 'Adds to it, 1 without a number, and prints the new value: nobody can come between.',
      example: 'mpctl value add counter -1',
      words: [1, 2],
      flags: [],
      method: 'value.add',
      params: (given) => ({ name: nameOf(given), by: numberOf('what is added', given.words[1]) }),
      reply: (value) => say(JSON.stringify(value)),
      hint: (why, given) => (why.endsWith('is not a number') ? `\`mpctl value set ${nameOf(given)} 5\` sets it to a text; with \`--json\` to a number` : null),
    }),
    simpleVerb({
      name: 'cas',
      takes: 'VALUE EXPECTED ITEM',
      summary: 'Compare and set: sets it and ends with 0 where it is as expected, and ends with 1 where it is not.',
      example: 'mpctl value cas counter 0 1 --json',
      words: [3, 3],
      flags: ['--json'],
      method: 'value.compare_and_set',
      params: (given) => ({
        name: nameOf(given),
        expected: itemOf(given, given.words[1] ?? ''),
        item: itemOf(given, given.words[2] ?? ''),
      }),
      reply: (wasSet) => ({ text: null, exitCode: wasSet === true ? verbExitCodes.yes : verbExitCodes.no }),
    }),
  ],
};
