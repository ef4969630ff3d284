import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../scripts/openapi.ts';
import { renderProtocol } from '../../../scripts/protocol-tables.ts';
import type { Json } from '../../../src/base/json.ts';
import { FrameSplitter } from '../../../src/protocol/frame-splitter.ts';
import { methodDescriptions } from '../../../src/protocol/method-descriptions.ts';
import { methodNames, parseCall } from '../../../src/protocol/parse-call.ts';

const root = new URL('../../../', import.meta.url);

/** A value that a parameter of that name takes. */
const samples: Readonly<Record<string, Json>> = {
  name: 'x',
  holds: ['x', { name: 'y', permits: 2 }],
  timeout_ms: 5,
  item: { a: [1] },
  items: [1, 'b'],
  expected: null,
  priority: -1,
  batch: 2,
  grant: 2,
  last: 0,
  max: 3,
  taken: 4,
  count: 'all',
  by: 0.5,
  task: 0,
  signal: 'SIGHUP',
  moment: 'ready',
  code: 3,
  token: 6,
  ahead: true,
  direct: true,
};

function sampleOf(names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(names.map((name) => [name, samples[name] ?? null]));
}

/** All that the door is made of. */
function doorSources(): string {
  const folder = new URL('src/runtime/door/', root);
  return readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
}

describe('the protocol', () => {
  it('is described method by method', () => {
    expect(Object.keys(methodDescriptions).toSorted()).toEqual(methodNames.toSorted());
  });

  it.each(Object.entries(methodDescriptions))('%s takes what its description says, and nothing else', (method, { required, optional }) => {
    const needsItem = 'items' in optional;
    const least = { ...sampleOf(Object.keys(required)), ...(needsItem ? { item: 1 } : {}) };
    expect(parseCall(method, least).ok).toBe(true);
    for (const key of Object.keys(optional)) {
      const single = key === 'token' ? { holds: 'file' } : {};
      const params = { ...(key === 'items' ? sampleOf(Object.keys(required)) : least), ...single, ...sampleOf([key]) };
      expect([key, parseCall(method, params).ok]).toEqual([key, true]);
    }
    // An item may be anything.
    for (const key of Object.keys(optional).filter((one) => one !== 'item')) {
      expect([key, parseCall(method, { ...least, [key]: { wrong: true } }).ok]).toEqual([key, false]);
    }
    for (const key of Object.keys(required)) {
      const { [key]: _, ...without }: Record<string, Json> = least;
      expect([key, parseCall(method, without).ok]).toEqual([key, false]);
    }
    expect(parseCall(method, { ...least, extra: 1 }).ok).toBe(false);
    expect(parseCall(method, [1]).ok).toBe(false);
  });

  it('lets a token go with one hold only', () => {
    expect(parseCall('lock.release', { holds: 'file', token: 3 })).toMatchObject({ ok: true, value: { operation: { token: 3 } } });
    expect(parseCall('lock.release', { holds: ['file', 'other'], token: 3 })).toMatchObject({ ok: false, error: { kind: 'invalid_params' } });
  });

  it.each([undefined, 7, null, 'lock', 'lock.', 'toString', 'lock.acquire.now'])('has no method %s', (method) => {
    expect(parseCall(method, {})).toMatchObject({ ok: false, error: { kind: 'unknown_method' } });
  });

  it('says which method was meant where one is near enough', () => {
    expect(parseCall('lock.aquire', {})).toMatchObject({ error: { message: 'there is no method `lock.aquire`: did you mean `lock.acquire`?' } });
    expect(parseCall('nothing.like.it', {})).toMatchObject({ error: { message: 'there is no method `nothing.like.it`' } });
  });

  it('is what its page and its OpenAPI document say', () => {
    const page = readFileSync(new URL('docs/protocol.md', root), 'utf8');
    expect(renderProtocol(page)).toBe(page);
    expect(JSON.parse(readFileSync(new URL('schemas/door.openapi.json', root), 'utf8'))).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('has a page that says every message which is no method: what the run says by itself, and what it takes from clients', () => {
    const door = doorSources();
    const said = [...door.matchAll(/notificationLine\('(?<name>[a-z_.]+)'/gu)].map(({ groups }) => groups?.['name'] ?? '');
    const taken = [...door.matchAll(/request\.method === '(?<name>[a-z.]+)'/gu)].map(({ groups }) => groups?.['name'] ?? '');
    expect(said.toSorted()).toEqual(['pipe.called_off', 'pipe.direct', 'pipe.ended', 'pipe.message', 'queue.recall', 'wait.ask']);
    // None is said whose name stands elsewhere.
    expect(door.match(/notificationLine\(/gu)).toHaveLength(said.length);
    expect(taken.toSorted()).toEqual(['cancel', 'wait.only']);
    const page = readFileSync(new URL('docs/protocol.md', root), 'utf8');
    for (const name of said) expect(page).toContain(`{"method": "${name}"`);
    for (const name of taken) expect(page).toMatch(new RegExp(`\`${name}\` with\\s+\`\\{"`, 'u'));
  });

  it('has a page that says every header, and an OpenAPI document with those of a call', () => {
    const sources = doorSources() + readFileSync(new URL('src/protocol/message.ts', root), 'utf8');
    const known = new Set([...sources.matchAll(/'(?<name>mpctl-[a-z-]+)'/giu)].map(({ groups }) => (groups?.['name'] ?? '').toLowerCase()));
    expect([...known].toSorted()).toEqual(['mpctl-hold', 'mpctl-loop', 'mpctl-max-frame', 'mpctl-pid']);
    const page = readFileSync(new URL('docs/protocol.md', root), 'utf8');
    const written = [...known].map((name) => name.replaceAll(/(?:^|-)[a-z]/gu, (letter) => letter.toUpperCase()));
    for (const name of written) expect(page).toMatch(new RegExp(`\`${name}(?:\`|:)`, 'u'));
    const document: unknown = JSON.parse(readFileSync(new URL('schemas/door.openapi.json', root), 'utf8'));
    expect(document).toMatchObject({ components: { parameters: { pid: { name: 'Mpctl-Pid', in: 'header' }, hold: { name: 'Mpctl-Hold', in: 'header' } } } });
  });
});

describe('frames', () => {
  it('come whole out of any pieces', () => {
    const splitter = new FrameSplitter(100);
    const pieces = ['{"a":', '1}\n\n{"b"', ':2}', '\n', '\r\n{"c":3}\nrest'];
    expect(pieces.flatMap((piece) => splitter.push(piece).frames)).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it.each([
    ['in one piece', ['x'.repeat(11)]],
    ['in many pieces', Array.from({ length: 11 }, () => 'x')],
    ['with its newline', [`${'x'.repeat(11)}\n`]],
  ])('that are too large are seen %s', (_, pieces) => {
    const splitter = new FrameSplitter(10);
    expect(pieces.map((piece) => splitter.push(piece).isTooLarge).at(-1)).toBe(true);
  });

  it('of the largest size are taken', () => {
    expect(new FrameSplitter(10).push(`${'x'.repeat(10)}\n`)).toEqual({ frames: ['x'.repeat(10)], isTooLarge: false });
  });
});
