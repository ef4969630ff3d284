import { simpleVerb } from './simple-verb.ts';
import { countOf, nameOf, timeoutOf } from './values.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl condition …`. */
export const conditionVerbs: VerbGroup = {
  name: 'condition',
  summary: 'Waits for and notifies conditions, with their lock held.',
  verbs: [
    simpleVerb({
      name: 'wait',
      takes: 'CONDITION',
      summary: 'Gives its lock up, waits to be notified, and takes the lock again, also after a timeout.',
      example: 'mpctl condition wait changed --timeout 10s',
      words: [1, 1],
      flags: ['--timeout', '--no-wait'],
      method: 'condition.wait',
      params: (given) => ({ name: nameOf(given), timeout_ms: timeoutOf(given) }),
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
