import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { specJsonSchema } from '../../src/spec/schema/json-schema.ts';

test('the committed JSON Schema is the one that the zod schema gives', () => {
  const committed = readFileSync(new URL('../../schemas/mpctl.schema.json', import.meta.url), 'utf8');
  expect(committed).toBe(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
});

test('a section without a value is left out, for editors too', () => {
  const { properties } = specJsonSchema().$defs?.['spec'] ?? {};
  expect(properties?.['processes']).toMatchObject({ type: ['object', 'null'] });
  expect(properties?.['stop']).not.toMatchObject({ type: ['object', 'null'] });
});

test('every key of every mapping is described', () => {
  const undescribed: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      for (const [key, property] of Object.entries(node.properties)) {
        if (!isDescribed(property)) undescribed.push(`${path}.${key}`);
      }
    }
    for (const [key, child] of Object.entries(node)) walk(child, `${path}/${key}`);
  };
  walk(specJsonSchema(), '');
  expect(undescribed).toEqual([]);
});

function isDescribed(property: unknown): boolean {
  return typeof property === 'object' && property !== null && 'description' in property;
}
