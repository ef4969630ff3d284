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
  'wait',
  'stop',
  'start',
  'restart',
  'signal',
]);

/** Whether the bundle of the verbs knows what to do with these arguments; the main bundle has the rest. */
export function isVerb([first = '', second = '']: readonly string[]): boolean {
  if (first === 'help') return verbWords.has(second);
  // `mpctl pool -j4 -- COMMAND` runs a pool without a spec.
  if (first === 'pool' && second.startsWith('-')) return second === '--help' || second === '-h';
  return verbWords.has(first);
}
