/** First words of the verbs; a test compares them with the verbs themselves. */
export const verbWords: ReadonlySet<string> = new Set([
  'lock',
  'semaphore',
  'event',
  'barrier',
  'condition',
  'queue',
  'pipe',
  'value',
  'pool',
  'process',
  'ready',
  'shutdown',
  'ps',
  'why',
  'logs',
  'runs',
  'clean',
  'doctor',
  'wait',
  'stop',
  'start',
  'restart',
  'signal',
]);

/** Second words of `mpctl pool` that are about a pool of a run; the same test compares them. */
export const poolVerbWords: ReadonlySet<string> = new Set(['submit', 'result', 'close', 'terminate', 'join']);

/** Whether the bundle of the verbs knows what to do with these arguments; the other bundles have the rest. */
export function isVerb([first = '', second = '', third = '']: readonly string[]): boolean {
  if (first === 'help' && second === 'pool') return poolVerbWords.has(third);
  if (first === 'help') return verbWords.has(second);
  if (first === 'pool') return poolVerbWords.has(second);
  return verbWords.has(first);
}

/** Whether they ask for a pool without a spec, `mpctl pool -j4 -- COMMAND`, or for its help. */
export function isPoolOfCommands(words: readonly string[]): boolean {
  return (words[0] === 'pool' || (words[0] === 'help' && words[1] === 'pool')) && !isVerb(words);
}
