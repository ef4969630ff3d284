import { describe, expect, it } from 'vitest';
import { makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../../../src/diagnostics/source.ts';
import type { Place } from '../../../src/base/place.ts';
import { isToldAlready } from '../../../src/verify/same-cause.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const source = { name: 'mpctl.yaml', text: '' };
const places = new Map<string, number>();

/** Each place stands on a character of its own. */
function locate(place: Place): SourceRange {
  const key = place.join('.');
  const start = places.get(key) ?? places.size;
  places.set(key, start);
  return { source, start, end: start + 1 };
}

const spec = (more = ''): string => `
locks: { l: , m: }
queues: { lines: }
daemons: { tail: { command: tail -F log, stdout: { queue: lines } } }
processes:
  count: { steps: [{ each: lines, as: line, do: [{ print: x }] }] }
${more}`;

function isTold(text: string, code: 'MP506' | 'MP509'): boolean {
  const plan = validPlan(text);
  const reader = plan.actors.find(({ who, action }) => who === 'count' && action === 'get');
  const found = [makeDiagnostic(code, 'the queue never ends', { range: locate(reader?.place ?? []) })];
  return isToldAlready(plan, found, locate, { maxStates: 10_000, mayGoOn: () => true });
}

describe('a deadlock', () => {
  it('is told already where all of it comes of a queue that a daemon keeps open', () => {
    expect(isTold(spec(), 'MP506')).toBe(true);
  });

  it('is not where there is another one besides', () => {
    expect(isTold(spec('  a: { steps: [{ acquire: l }, { acquire: m }] }\n  b: { steps: [{ acquire: m }, { acquire: l }] }\n'), 'MP506')).toBe(false);
  });

  it('is not where something else was told of that queue', () => {
    expect(isTold(spec(), 'MP509')).toBe(false);
  });
});
