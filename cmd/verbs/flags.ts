/** Every flag that some verb has, and the value that it takes; null takes none. */
export const flagValues = {
  '--timeout': 'DURATION',
  '--no-wait': null,
  '--format': 'WORD',
  '--json': null,
  '--permits': 'N',
  '--max': 'N',
  '--priority': 'N',
  '--count': 'N|all',
  '--for': 'MOMENT',
  '--run': 'ID',
  '--locks': null,
  '--queues': null,
  '--follow': null,
  '--lines': 'N',
} as const satisfies Readonly<Record<string, string | null>>;

/** What `--format` takes. */
export const outputForms = ['text', 'json'] as const;

/** One of them. */
export type OutputForm = (typeof outputForms)[number];

/** A flag of a verb. */
export type Flag = keyof typeof flagValues;

/** What each flag says, for the help. */
export const flagMeanings: Readonly<Record<Flag, string>> = {
  '--timeout': 'wait at most so long (250ms, 2s, 1m30s), then end with 124',
  '--no-wait': 'do not wait: end with 1',
  '--format': 'form of the output: text or json (text)',
  '--json': 'JSON, in what is given where something is, and in what is printed',
  '--permits': 'so many permits (1)',
  '--max': 'take what is there up to so many, one a line (1)',
  '--priority': 'of an ordered queue, lowest first (0)',
  '--count': 'wake so many, or `all` (1)',
  '--for': 'start, ready, success, failure or exit (ready)',
  '--run': 'which run, where several go on: a part of its id',
  '--locks': 'locks and semaphores: who holds them, how many wait',
  '--queues': 'queues: items, capacity, in hand, how many wait to get, put or join',
  '--follow': 'go on with what is written, until the run is over',
  '--lines': 'only the last so many lines of each',
};

/** Flags that have a letter as well. */
export const flagLetters: ReadonlyMap<string, Flag> = new Map([
  ['-f', '--follow'],
  ['-n', '--lines'],
]);

/** Whether a word is the name of a flag. */
export function isFlag(word: string): word is Flag {
  return Object.hasOwn(flagValues, word);
}
