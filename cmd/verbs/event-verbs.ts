import { fieldOf } from '../../src/client/field-of.ts';
import { sayWhether, simpleVerb } from './simple-verb.ts';
import { nameOf, timeoutOf } from './values.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl event …`. */
export const eventVerbs: VerbGroup = {
  name: 'event',
  summary: 'Sets, clears and waits for events.',
  verbs: [
    simpleVerb({
      name: 'set',
      takes: 'EVENT',
      summary: 'Sets it, which wakes everyone who waits for it.',
      example: 'mpctl event set go',
      words: [1, 1],
      flags: [],
      method: 'event.set',
      params: (given) => ({ name: nameOf(given) }),
    }),
    simpleVerb({
      name: 'clear',
      takes: 'EVENT',
      summary: 'Clears it.',
      example: 'mpctl event clear go',
      words: [1, 1],
      flags: [],
      method: 'event.clear',
      params: (given) => ({ name: nameOf(given) }),
    }),
    simpleVerb({
      name: 'wait',
      takes: 'EVENT',
      summary: 'Waits until it is set.',
      example: 'mpctl event wait go --timeout 10s',
      words: [1, 1],
      flags: ['--timeout', '--no-wait'],
      method: 'event.wait',
      params: (given) => ({ name: nameOf(given), timeout_ms: timeoutOf(given) }),
    }),
    simpleVerb({
      name: 'is-set',
      takes: 'EVENT',
      summary: 'Ends with 0 where it is set, and with 1 where it is not.',
      example: 'if mpctl event is-set go; then …; fi',
      words: [1, 1],
      flags: ['--json'],
      method: 'event.look',
      params: (given) => ({ name: nameOf(given) }),
      reply: (state, given) => sayWhether(fieldOf(state, 'is_set') === true, given),
    }),
  ],
};
