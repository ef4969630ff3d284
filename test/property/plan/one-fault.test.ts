import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isMap, isPair, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { loadSpec } from '../../../src/spec/load-spec.ts';
import { specSchema } from '../../../src/spec/schema/spec.ts';
import { memoryHost } from '../../unit/spec/memory-host.ts';

/** Nearly everything of the language, with nothing wrong. */
const text = readFileSync(new URL('whole.yaml', import.meta.url), 'utf8');
const original = parseDocument(text);

/** What no place of a spec takes. */
const nonsense = [[[]], { '(': 1 }];

interface Findings {
  readonly load: readonly Diagnostic[];
  readonly plan: readonly Diagnostic[];
}

function check(written: string): Findings {
  const host = memoryHost({ 'mpctl.yaml': written });
  const { loaded, diagnostics } = loadSpec('mpctl.yaml', host);
  if (loaded === null) return { load: diagnostics, plan: [] };
  expect(specSchema.safeParse(loaded.spec).error).toBeUndefined();
  return { load: diagnostics, plan: buildPlan(loaded, host).diagnostics };
}

/** The places of all values of a document, without what stands in an anchor or a free key. */
function placesOf(document: Document): readonly (readonly (string | number)[])[] {
  const places: (readonly (string | number)[])[] = [];
  const visit = (node: unknown, place: readonly (string | number)[]): void => {
    if (place.length > 0) places.push(place);
    if (isMap(node)) {
      for (const item of node.items) {
        if (isPair(item) && isScalar(item.key) && typeof item.key.value === 'string') visit(item.value, [...place, item.key.value]);
      }
    } else if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...place, index]);
  };
  visit(document.contents, []);
  return places;
}

function said({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

const before = new Set(check(text).plan.map(said));

/** What is found beside the fault itself, and was not there without it. */
function followUps(place: readonly (string | number)[], damage: (document: Document) => void): readonly string[] {
  const document = original.clone();
  damage(document);
  const { load, plan } = check(String(document));
  const found = load.length > 0 ? plan.map(said).filter((each) => !before.has(each)) : [];
  return found.map((each) => `${place.join('.')}: ${each}`);
}

describe('one fault', () => {
  it('is looked for in a spec that has none', () => {
    const { load, plan } = check(text);
    expect(load).toEqual([]);
    expect(plan.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is the only one reported where a value is nonsense', () => {
    const noise = placesOf(original).flatMap((place, index) =>
      followUps(place, (document) => {
        // The names of a section do not vanish with its form.
        const names: unknown = document.getIn(place);
        const value = place.length === 1 && isMap(names) ? [String(names)] : nonsense[index % nonsense.length];
        document.setIn(place, document.createNode(value));
      }),
    );
    expect(noise).toEqual([]);
  });

  it.each([
    ['unknown', (key: string) => `qq ${key}`],
    ['misspelt', (key: string) => `${key}${key.at(-1)}`],
  ])('is the only one reported where a key is %s', (_, slip) => {
    const noise = placesOf(original).flatMap((place) => {
      const key = place.at(-1);
      if (typeof key !== 'string') return [];
      return followUps(place, (document) => {
        const value: unknown = document.getIn(place, true);
        document.deleteIn(place);
        document.setIn([...place.slice(0, -1), slip(key)], value);
      });
    });
    expect(noise).toEqual([]);
  });
});
