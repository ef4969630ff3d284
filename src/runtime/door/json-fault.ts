import { describeLost } from '../../base/lost-number.ts';
import { deepestJson, type JsonFault } from '../../base/parse-json.ts';

/** What is wrong with a text that came in; `what` is what it was to be. */
export function describeFault(fault: JsonFault, what: string): string {
  if (fault === 'not_json') return `${what} is no JSON`;
  if (fault === 'too_deep') return `${what} has more than ${String(deepestJson)} lists and objects within each other`;
  return describeLost(fault.lostNumber);
}
