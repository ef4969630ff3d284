import { fieldOf } from '../../src/client/field-of.ts';
import { namedVerb, sayWhether } from './simple-verb.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl event …`. */
export const eventVerbs: VerbGroup = {
  name: 'event',
  summary: 'Sets, clears and waits for events.',
  verbs: [
    namedVerb({
      name: 'set',
      takes: 'EVENT',
      summary: 'Sets it, which wakes everyone who waits for it.',
      example: 'mpctl event set go',
      flags: [],
      method: 'event.set',
    }),
    namedVerb({
      name: 'clear',
      takes: 'EVENT',
      summary: 'Clears it.',
      example: 'mpctl event clear go',
      flags: [],
      method: 'event.clear',
    }),
    namedVerb({
      name: 'wait',
      takes: 'EVENT',
      summary: 'Waits until it is set.',
      example: 'mpctl event wait go --timeout 10s',
      flags: ['--timeout', '--no-wait'],
      method: 'event.wait',
    }),
    namedVerb({
      name: 'is-set',
      takes: 'EVENT',
      summary: 'Ends with 0 where it is set, and with 1 where it is not.',
      example: 'if mpctl event is-set go; then …; fi',
      flags: ['--json'],
      method: 'event.look',
      reply: (state, given) => sayWhether(fieldOf(state, 'is_set') === true, given),
    }),
  ],
};
