import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument, stringify } from 'yaml';
import { present } from '../../../src/base/invariant.ts';
import { loadSpec } from '../../../src/spec/load-spec.ts';
import { specSchema } from '../../../src/spec/schema/spec.ts';
import { memoryHost } from '../../unit/spec/memory-host.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const duration = fc.constantFrom('250ms', '2s', '1m30s', '1h', '${{ env.T || 1 }}');
const text = fc.oneof(fc.string({ maxLength: 8 }).filter((value) => !/[$\p{Cc}]/u.test(value)), fc.constantFrom('3.10', 'true', '~', '0644'));
const argv = fc.array(text, { minLength: 1, maxLength: 3 });
const command = fc.oneof(argv, text.filter((value) => value !== ''));
const optional = { requiredKeys: [] };

const step: fc.Arbitrary<unknown> = fc.letrec<{ step: unknown }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 2 },
    fc.record({ print: text }),
    fc.record({ run: command, as: name, timeout: duration }, { requiredKeys: ['run'] }),
    fc.record({ sleep: duration }),
    fc.record({ put: name, item: fc.jsonValue({ maxDepth: 1 }).filter(isClean), block: fc.boolean() }, { requiredKeys: ['put', 'item'] }),
    fc.record({ notify: name, count: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant('all')) }, { requiredKeys: ['notify'] }),
    fc.record({
      with: fc.oneof(name, fc.array(fc.oneof(name, fc.record({ name, permits: fc.integer({ min: 1, max: 3 }) })), { minLength: 1, maxLength: 2 })),
      do: fc.array(tie('step'), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ repeat: fc.constantFrom<unknown>(3, 'forever', [1, 'a']), as: name, do: fc.array(tie('step'), { minLength: 1, maxLength: 2 }) }),
  ),
})).step;

const work = {
  working_dir: fc.constant('sub'),
  environment: fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.option(text)),
  depends_on: fc.oneof(fc.array(name, { maxLength: 2 }), fc.dictionary(name, fc.record({ condition: fc.constantFrom('ready', 'exit') }))),
  stdin: fc.constantFrom<unknown>(null, 'inherit', { text: 'x' }, { queue: 'q', format: 'json' }),
  restart: fc.constantFrom('no', 'on_failure', 'always'),
  timeout: duration,
  replicas: fc.integer({ min: 1, max: 4 }),
  readiness_probe: fc.constantFrom<unknown>({ tcp_socket: { port: 80 } }, { exec: ['true'], period: '1s' }, { log_line: '^ready' }),
  max_restarts: fc.constantFrom<unknown>(2, { count: 1, within: '5s' }),
};

const process = fc.oneof(
  fc.record({ command, ...work }, { requiredKeys: ['command'] }),
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 3 }), ...work }, { requiredKeys: ['steps'] }),
);

const spec = fc.record(
  {
    timeout: duration,
    semaphores: fc.dictionary(name.map((each) => `s-${each}`), fc.oneof(fc.nat({ max: 4 }), fc.record({ permits: fc.nat({ max: 4 }), fair: fc.boolean() }, optional))),
    values: fc.dictionary(name.map((each) => `v-${each}`), fc.jsonValue({ maxDepth: 2 }).filter(isClean)),
    processes: fc.dictionary(name.map((each) => `p-${each}`), process, { maxKeys: 4 }),
  },
  optional,
);

/** JSON that a spec can carry: no `$`, which is checked for templates, and no key `__proto__`. */
function isClean(value: unknown): boolean {
  const written = JSON.stringify(value);
  return !written.includes('$') && !written.includes('__proto__') && !/\\u00|-0|e[+-]/.test(written);
}

function load(written: string): ReturnType<typeof loadSpec> {
  return loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': written }));
}

function write(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}

describe('a valid spec', () => {
  it('is read as what the schema makes of it', () => {
    fc.assert(
      fc.property(spec, (value) => {
        const { loaded, diagnostics } = load(write(value));
        expect(diagnostics).toEqual([]);
        const read = present(loaded, 'it is valid').spec;
        expect(specSchema.parse(read)).toEqual(read);
      }),
    );
  });

  it('means the same however it is laid out', () => {
    fc.assert(
      fc.property(spec, (value) => {
        const block = write(value);
        const flow = parseDocument(block).toString({ collectionStyle: 'flow', lineWidth: 0 });
        expect(load(flow).loaded?.spec).toEqual(load(block).loaded?.spec);
      }),
    );
  });

  it('locates every value that it holds', () => {
    fc.assert(
      fc.property(spec, (value) => {
        const loaded = present(load(write(value)).loaded, 'it is valid');
        for (const [key, read] of Object.entries(loaded.spec.processes)) {
          const { source, start, end } = loaded.locate(['processes', key], 'key');
          expect(source.text.slice(start, end)).toBe(key);
          if (read.timeout === undefined) continue;
          const timeout = loaded.locate(['processes', key, 'timeout'], 'value');
          expect(parse(source.text.slice(timeout.start, timeout.end))).toBe(read.timeout);
        }
      }),
    );
  });
});

describe('any text', () => {
  const mutation = fc.tuple(spec.map(write), fc.nat(), fc.nat({ max: 6 }), fc.constantFrom('', ' ', '\t', ':', '- ', '[', '{', '"', '*a', '&a ', '<<: ', '${{', '|', '#', '\n', '---\n', '!x '));

  it('never throws, and every finding lies in its text', () => {
    fc.assert(
      fc.property(mutation, ([written, at, length, inserted]) => {
        const start = at % (written.length + 1);
        const broken = written.slice(0, start) + inserted + written.slice(start + length);
        for (const { range, related } of load(broken).diagnostics) {
          for (const each of [range, ...related.map((place) => place.range)]) {
            if (each === null) continue;
            expect(each.source.text).toBe(broken);
            expect(each.start).toBeGreaterThanOrEqual(0);
            expect(each.end).toBeGreaterThanOrEqual(each.start);
            expect(each.end).toBeLessThanOrEqual(broken.length);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
