import { say, simpleVerb } from './simple-verb.ts';
import { nameOf, timeoutOf } from './values.ts';
import type { VerbGroup } from './verb.ts';

/** `mpctl barrier …`. */
export const barrierVerbs: VerbGroup = {
  name: 'barrier',
  summary: 'Meets others at a barrier.',
  verbs: [
    simpleVerb({
      name: 'wait',
      takes: 'BARRIER',
      summary: 'Arrives, waits for the others, and prints the place in the order of arrival, from 0.',
      example: 'mpctl barrier wait start --timeout 10s',
      words: [1, 1],
      flags: ['--timeout', '--no-wait'],
      method: 'barrier.wait',
      params: (given) => ({ name: nameOf(given), timeout_ms: timeoutOf(given) }),
      reply: (index) => say(JSON.stringify(index)),
    }),
    simpleVerb({
      name: 'abort',
      takes: 'BARRIER',
      summary: 'Breaks it: whoever waits there, or comes later, ends with 4.',
      example: 'mpctl barrier abort start',
      words: [1, 1],
      flags: [],
      method: 'barrier.abort',
      params: (given) => ({ name: nameOf(given) }),
    }),
    simpleVerb({
      name: 'reset',
      takes: 'BARRIER',
      summary: 'Makes it whole again; whoever waits there ends with 4.',
      example: 'mpctl barrier reset start',
      words: [1, 1],
      flags: [],
      method: 'barrier.reset',
      params: (given) => ({ name: nameOf(given) }),
    }),
  ],
};
