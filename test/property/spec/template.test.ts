import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { parseTemplate } from '../../../src/base/parse-template.ts';
import { renderTemplate } from '../../../src/base/render-template.ts';
import { Template } from '../../../src/base/template.ts';

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,4}$/);
const path = fc.oneof(
  word.map((each) => `env.${each}`),
  word.map((each) => `vars.${each}.key`),
  fc.constantFrom('item', 'item.a.b', 'replica', 'cpu_count', 'process.a-1.pid'),
);
const fallback = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const literal = fc.string({ maxLength: 6 }).filter((value) => !value.includes('$'));
const part = fc.oneof(literal, fc.record({ path, fallback: fc.option(fallback, { nil: undefined }) }));

function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function print(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

describe('a template', () => {
  it('that is printed is parsed as it was', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const texts = parts.map((each) => {
          if (typeof each === 'string') return each;
          return `\${{ ${each.path}${each.fallback === undefined ? '' : ` || ${print(each.fallback)}`} }}`;
        });
        const parsed = parseTemplate(texts.join(''));
        const expressions = parsed.ok && parsed.value instanceof Template ? parsed.value.parts.filter((each) => typeof each !== 'string') : [];
        expect(expressions.map((each) => ({ path: each.path.join('.'), fallback: each.fallback }))).toEqual(
          parts.filter((each) => typeof each !== 'string').map((each) => ({ path: each.path, fallback: each.fallback })),
        );
      }),
    );
  });

  it('keeps the type of a value that it is nothing but', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json: unknown = JSON.parse(JSON.stringify(value));
        if (!isJson(json)) throw new Error('JSON gives JSON');
        const parsed = parseTemplate('${{ vars.x }}');
        expect(parsed.ok && renderTemplate(parsed.value, () => json)).toEqual({ ok: true, value: json });
      }),
    );
  });

  it('is never taken for something else than it is, whatever is written', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('${{', '}}', '}', "'", ' ', '|| ', 'env.X', 'a', '$', '"')), (pieces) => {
        const text = pieces.join('');
        const parsed = parseTemplate(text);
        const isRight = parsed.ok
          ? parsed.value instanceof Template || !text.includes('${{')
          : text.startsWith('${{', parsed.error.offset);
        expect(isRight).toBe(true);
      }),
    );
  });
});
