import { timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type KeyedAttempt, Keys } from '../../../src/runtime/door/keys.ts';

const door = join(import.meta.dirname, '..', '..', '..', 'src', 'runtime', 'door');

/** Who is found for a key, and the lengths that were compared. */
function shown(keys: Keys, key: string): { readonly owner: KeyedAttempt | null; readonly compared: readonly (readonly [number, number])[] } {
  const compared: (readonly [number, number])[] = [];
  const owner = keys.ownerOf(key, (one, other) => {
    compared.push([one.byteLength, other.byteLength]);
    return timingSafeEqual(one, other);
  });
  return { owner, compared };
}

it('makes a key of its own for each instance, and knows whose it is', () => {
  const keys = new Keys();
  const names = ['a', 'b', 'crawler-2', 'py.x', '@operator'];
  const made = names.map((name) => keys.keyOf(name));
  expect(made.map((key) => shown(keys, key).owner)).toEqual(names.map((instance) => ({ instance, isOver: false })));
  expect(new Set(made.map((key) => key.replace(/^.*\./u, ''))).size).toBe(names.length);
  expect(made[0]).toMatch(/^a\.[-\w]{24}$/u);
  expect(names.map((name) => keys.keyOf(name))).toEqual(made);
});

it('makes another key for each attempt, and knows that of the last one to be over', () => {
  const keys = new Keys();
  const attempts = Array.from({ length: 1000 }, () => {
    const key = keys.keyOf('a');
    expect(keys.keyOf('a')).toBe(key);
    const before = shown(keys, key).owner;
    keys.end('a');
    // Whoever was let in before knows it as well.
    expect([before?.isOver, shown(keys, key).owner]).toEqual([true, { instance: 'a', isOver: true }]);
    return key;
  });
  expect(new Set(attempts).size).toBe(attempts.length);
  const now = keys.keyOf('a');
  expect(attempts.map((key) => shown(keys, key).owner)).toEqual(attempts.map(() => null));
  expect(shown(keys, now).owner).toEqual({ instance: 'a', isOver: false });
  keys.end('nobody');
  expect(keys.keyOf('a')).toBe(now);
});

it('compares every key once with timingSafeEqual, whatever its length and its name', () => {
  const keys = new Keys();
  const key = keys.keyOf('a');
  const lengths = [...Array.from({ length: 140 }, (_, length) => length), 1000, 10_000];
  const wrong = [
    ...lengths.flatMap((length) => ['0', 'ü', '\0'].map((character) => `a.${character.repeat(length)}`)),
    // Of its own secret too little, too much, and with another name.
    ...lengths.slice(0, 24).map((length) => `a.${key.slice(2, 2 + length)}`),
    `${key}0`,
    `${key}\0`,
    `${key}${key.slice(2)}`,
    key.replace('a.', 'b.'),
    key.replace('a.', ''),
    key.slice(1),
    `nobody.${'0'.repeat(24)}`,
    '',
    '.',
    `__proto__.${key.slice(2)}`,
  ];
  for (const one of wrong) expect([one, shown(keys, one)]).toEqual([one, { owner: null, compared: [[24, 24]] }]);
  expect(shown(keys, key)).toEqual({ owner: { instance: 'a', isOver: false }, compared: [[24, 24]] });
});

it('is asked for every key that is shown at the door, which compares none itself', () => {
  const sources = readdirSync(door).map((file) => ({ file, text: readFileSync(join(door, file), 'utf8') }));
  expect(sources.filter(({ text }) => /headers\.authorization|'authorization'/u.test(text)).map(({ file }) => file)).toEqual(['door.ts']);
  expect(sources.filter(({ text }) => /ownerOf\(key, /u.test(text)).map(({ file }) => file)).toEqual(['door.ts']);
  // What is compared with `undefined` or `null` is no secret.
  const comparing = /(?:[Kk]ey|[Ss]ecret|wanted|given|ofItsLength)\b(?:\.toString\(\w*\)| as \w+)?\s*[!=]==?(?!=|\s*(?:undefined\b|null\b|''))/u;
  expect(sources.flatMap(({ file, text }) => text.split('\n').filter((line) => comparing.test(line)).map((line) => `${file}: ${line}`))).toEqual([]);
  expect(comparing.test('if (secret === given) return name;')).toBe(true);
});
