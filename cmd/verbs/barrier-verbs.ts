import { namedVerb, say } from './simple-verb.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl barrier …`. */
export const barrierVerbs: VerbGroup = {
  name: 'barrier',
  summary: 'Meets others at a barrier.',
  verbs: [
    namedVerb({
      name: 'wait',
      takes: 'BARRIER',
      summary: 'Arrives, waits for the others, and prints the place in the order of arrival, from 0.',
      example: 'mpctl barrier wait start --timeout 10s',
      flags: ['--timeout', '--no-wait'],
      method: 'barrier.wait',
      reply: (index) => say(JSON.stringify(index)),
    }),
    namedVerb({
      name: 'abort',
      takes: 'BARRIER',
      summary: 'Breaks it: whoever waits there, or comes later, ends with 4.',
      example: 'mpctl barrier abort start',
      flags: [],
      method: 'barrier.abort',
    }),
    namedVerb({
      name: 'reset',
      takes: 'BARRIER',
      summary: 'Makes it whole again; whoever waits there ends with 4.',
      example: 'mpctl barrier reset start',
      flags: [],
      method: 'barrier.reset',
    }),
  ],
};
