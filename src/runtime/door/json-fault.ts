import type { JsonFault } from '../../base/parse-json.ts';

/** So many lists and objects within each other may come in: a few fewer than clients, and CPython's `json`, read. */
export const mostLevels = 900;

/** What is wrong with a text that came in; `what` is what it was to be. */
export function describeFault(fault: JsonFault, what: string): string {
  switch (fault) {
    case 'not_json':
      return `${what} is no JSON`;
    case 'too_deep':
      return `${what} has more than ${String(mostLevels)} lists and objects within each other`;
  }
}
