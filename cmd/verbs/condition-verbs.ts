import { namedVerb, simpleVerb } from './simple-verb.ts';
import { countOf, nameOf } from './values.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl condition …`. */
export const conditionVerbs: VerbGroup = {
  name: 'condition',
  summary: 'Waits for and notifies conditions, with their lock held.',
  verbs: [
    namedVerb({
      name: 'wait',
      takes: 'CONDITION',
      summary: 'Gives its lock up, waits to be notified, and takes the lock again, also after a timeout.',
      example: 'mpctl condition wait changed --timeout 10s',
      flags: ['--timeout', '--no-wait'],
      method: 'condition.wait',
    }),
    simpleVerb({
      name: 'notify',
      takes: 'CONDITION',
      summary: 'Wakes those that wait.',
      example: 'mpctl condition notify changed --count all',
      words: [1, 1],
      flags: ['--count'],
      method: 'condition.notify',
      params: (given) => ({
        name: nameOf(given),
        count: given.values.get('--count') === 'all' ? 'all' : countOf(given, '--count'),
      }),
    }),
  ],
};
