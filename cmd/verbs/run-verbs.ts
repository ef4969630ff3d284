import { simpleVerb } from './simple-verb.ts';
import { wholeOf } from './values.ts';
import type { Verb } from './verb.ts';

/** Verbs of one word, about the instance and its run. */
export const runVerbs: readonly Verb[] = [
  simpleVerb({
    name: 'ready',
    takes: '',
    summary: 'Says that this instance is ready, where its spec has `readiness_probe: {notify: true}`.',
    example: 'mpctl ready',
    words: [0, 0],
    flags: [],
    method: 'run.ready',
    params: () => ({}),
  }),
  simpleVerb({
    name: 'shutdown',
    takes: '[CODE]',
    summary: 'Asks for the end of the whole run, with this exit code (0).',
    example: 'mpctl shutdown 3',
    words: [0, 1],
    flags: [],
    method: 'run.shutdown',
    params: ({ words }) => ({ code: wholeOf('an exit code', words[0], 0) }),
  }),
];
