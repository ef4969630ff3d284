import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../src/runtime/processes/line-splitter.ts';

function splitInChunks(bytes: Buffer, cuts: readonly number[], maxLineBytes: number): { lines: string[]; raw: Buffer } {
  const splitter = new LineSplitter(maxLineBytes);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const lines: string[] = [];
  const raw: Buffer[] = [];
  const take = (result: { raw: readonly Buffer[]; lines: readonly string[] }): void => {
    lines.push(...result.lines);
    raw.push(...result.raw);
  };
  for (const [index, place] of places.entries()) take(splitter.push(bytes.subarray(place, places[index + 1] ?? place)));
  take(splitter.end());
  return { lines, raw: Buffer.concat(raw) };
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });

test('the lines are those of the whole text, however its bytes arrive', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', ''))), cuts, (lines, places) => {
      const text = lines.map((line) => `${line}\n`).join('');
      const bytes = Buffer.from(text);
      const result = splitInChunks(bytes, places, 1_000_000);
      expect(result.lines).toEqual(bytes.toString('utf8').split('\n').slice(0, -1));
      expect(result.raw.equals(bytes)).toBe(true);
    }),
  );
});

test('a last line without a newline is a line, and an empty rest is none', () => {
  expect(splitInChunks(Buffer.from('a\n\nb'), [], 100).lines).toEqual(['a', '', 'b']);
  expect(splitInChunks(Buffer.from('a\n'), [], 100).lines).toEqual(['a']);
  expect(splitInChunks(Buffer.from(''), [], 100).lines).toEqual([]);
});

test('no piece is longer than the limit, no byte is lost, and no character is torn', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ä', '漢', '🙂', '\n'), minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(text, cuts, fc.integer({ min: 4, max: 20 }), (whole, places, limit) => {
      const bytes = Buffer.from(whole);
      const { lines, raw } = splitInChunks(bytes, places, limit);
      for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(limit);
      expect(lines.join('')).toBe(whole.replaceAll('\n', ''));
      expect(raw.equals(bytes)).toBe(true);
    }),
  );
});

test('a line of exactly the limit is one piece', () => {
  expect(splitInChunks(Buffer.from('12345678\nx\n'), [3, 9], 8).lines).toEqual(['12345678', 'x']);
  expect(splitInChunks(Buffer.from('123456789\n'), [], 8).lines).toEqual(['12345678', '9']);
});

test('bytes that are no UTF-8 are shown as such and kept in the raw bytes', () => {
  const bytes = Buffer.from([0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x0a]);
  const { lines, raw } = splitInChunks(bytes, [], 4);
  expect(lines.join('')).toMatch(/^�+$/);
  expect(raw.equals(bytes)).toBe(true);
});

test('of each chunk the last lines are given where only so many are wanted, and all of its bytes', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ä', '🙂', '\n'), minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 4, max: 100 }), (chunks, most, limit) => {
      const all = new LineSplitter(limit);
      const some = new LineSplitter(limit);
      for (const chunk of chunks) {
        const whole = all.push(Buffer.from(chunk));
        const part = some.push(Buffer.from(chunk), most);
        expect(Buffer.concat(part.raw).equals(Buffer.concat(whole.raw))).toBe(true);
        // More where one is too long, and so is several.
        expect(part.lines.length).toBeGreaterThanOrEqual(Math.min(most, whole.lines.length));
        expect(part.lines).toEqual(part.lines.length === 0 ? [] : whole.lines.slice(-part.lines.length));
      }
      expect(some.end()).toEqual(all.end());
    }),
  );
});
