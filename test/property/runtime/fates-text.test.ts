import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarlierTasks, type SettledFate } from '../../../src/engine/earlier-tasks.ts';
import { itemDigest } from '../../../src/engine/item-digest.ts';
import { FatesText, readFates } from '../../../src/runtime/run-folder/fates-text.ts';

interface Fate {
  readonly number: number;
  readonly fate: SettledFate;
}

const fates: readonly SettledFate[] = ['succeeded', 'succeeded', 'succeeded', 'failed', 'signalled', 'timed_out', 'lost'];

/** Tasks end in nearly the order of their numbers, each once, and are written in batches. */
const batches: fc.Arbitrary<readonly (readonly Fate[])[]> = fc
  .array(fc.tuple(fc.constantFrom(...fates), fc.integer({ min: 0, max: 6 }), fc.boolean()), { maxLength: 60 })
  .map((ends) => {
    const ordered = ends.map(([fate, delay, isLast], number) => ({ number, fate, at: number + delay, isLast })).toSorted((a, b) => a.at - b.at);
    const made: Fate[][] = [[]];
    for (const { number, fate, isLast } of ordered) {
      made.at(-1)?.push({ number, fate });
      if (isLast) made.push([]);
    }
    return made;
  });

function itemOf(number: number): string {
  return `item ${number}`;
}

function write(text: FatesText, batch: readonly Fate[]): string {
  for (const { number, fate } of batch) text.add(number, fate, itemDigest(itemOf(number)));
  return Buffer.from(text.take()).toString();
}

function read(text: string): EarlierTasks {
  const tasks = new EarlierTasks(false);
  readFates(text, tasks);
  return tasks;
}

/** The numbers that a text says have succeeded. */
function succeededIn(text: string): readonly number[] {
  const tasks = read(text);
  return Array.from({ length: tasks.size }, (_, number) => number).filter((number) => tasks.hasSucceeded(number));
}

describe('the fates of tasks in a file', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(batches, (given) => {
        const text = new FatesText();
        const tasks = read(given.map((batch) => write(text, batch)).join(''));
        for (const { number, fate } of given.flat()) {
          expect(tasks.verdict(number, itemOf(number))).toBe(fate === 'succeeded' ? 'succeeded' : 'run');
          expect(tasks.verdict(number, 'another')).toBe('changed');
        }
      }),
    );
  });

  it('say nothing false and all that is in whole batches, wherever the file ends, and whatever comes behind that end', () => {
    const garbage = fc.constantFrom('', '\n', '\0\0\0\0', '\0\0\n', '\nsucceeded 3 0123', '\nsucceeded ');
    fc.assert(
      fc.property(batches, batches, fc.nat({ max: 1000 }), garbage, (first, second, permille, behind) => {
        const text = new FatesText();
        const written = first.map((batch) => write(text, batch));
        const whole = written.join('');
        const end = Math.round((permille * whole.length) / 1000);
        // A run that goes on from this one adds to a copy, and begins with a new line where the last has no end.
        const torn = whole.slice(0, end);
        const next = second.map((batch) => write(text, batch)).join('');
        const after = torn === '' || torn.endsWith('\n') ? next : `\n${next}`;
        const reallySucceeded = (runs: readonly (readonly Fate[])[]): ReadonlySet<number> =>
          new Set(runs.flat().flatMap(({ number, fate }) => (fate === 'succeeded' ? [number] : [])));
        const inFirst = reallySucceeded(first);
        const cutOff = read(`${torn}${behind}`);
        for (const number of succeededIn(`${torn}${behind}`)) {
          expect(inFirst).toContain(number);
          expect(cutOff.verdict(number, itemOf(number))).toBe('succeeded');
        }
        const inBoth = reallySucceeded([...first, ...second]);
        for (const number of succeededIn(`${torn}${after}`)) expect(inBoth).toContain(number);
        let length = 0;
        const wholeBatches = first.filter((_, index) => {
          length += written[index]?.length ?? 0;
          return length <= end;
        });
        expect(succeededIn(torn)).toEqual(expect.arrayContaining([...reallySucceeded(wholeBatches)]));
        // The last word on a task is what counts.
        const last = new Map([...wholeBatches.flat(), ...second.flat()].map(({ number, fate }) => [number, fate]));
        const tasks = read(`${torn}${after}`);
        for (const { number } of second.flat()) expect(tasks.hasSucceeded(number)).toBe(last.get(number) === 'succeeded');
        for (let number = 0; number < tasks.size; number += 1) expect(tasks.verdict(number, itemOf(number))).not.toBe('changed');
      }),
      { numRuns: 300 },
    );
  });

  it('share a line where their numbers follow each other', () => {
    const text = new FatesText();
    const ends: readonly Fate[] = [0, 1, 2, 4, 3].map((number) => ({ number, fate: number === 4 ? 'failed' : 'succeeded' }));
    expect(write(text, ends).replaceAll(/[0-9a-f]{8}/gu, 'DIGEST').split('\n')).toEqual(['succeeded 0 DIGEST DIGEST DIGEST', 'failed 4 DIGEST', 'succeeded 3 DIGEST', '']);
    expect(write(text, [])).toBe('');
  });
});

describe('the digest of an item', () => {
  it('tells a number from its digits, and one item from the next', () => {
    const items = [1, '1', null, 'null', '', [], {}, ['a', 'b'], ['ab'], { a: 1 }, { a: '1' }, true, 'true', '🎉', '🎊', ['a"b'], { a: '1', b: '2' }, { a: '1,b"2' }];
    expect(new Set(items.map(itemDigest)).size).toBe(items.length);
    expect(new Set(Array.from({ length: 50_000 }, (_, index) => itemDigest(`path/to/file-${index}.txt`))).size).toBeGreaterThan(49_990);
  });
});
