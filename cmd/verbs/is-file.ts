import type { World } from './verb.ts';

/** Whether these words mean a file: outside of a run always, inside where there is a slash, which no name of the spec has. */
export function isFile(words: readonly string[], environment: World['environment']): boolean {
  return environment['MPCTL_SOCKET'] === undefined || words.some((word) => word.includes('/'));
}
