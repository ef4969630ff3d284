import { expect, it } from 'vitest';
import { LogLines } from '../../../cmd/verbs/log-lines.ts';

/** What is shown of these pieces, the end included. */
function shown(name: string | null, ...pieces: readonly string[]): string {
  const lines = new LogLines(name);
  return Buffer.concat([...pieces.map((piece) => lines.push(Buffer.from(piece, 'latin1'))), lines.end()]).toString('latin1');
}

it.each<[string, readonly string[], string]>([
  ['whole lines', ['one\ntwo\n'], '[a] one\n[a] two\n'],
  ['a line in pieces', ['o', 'ne', '\ntw', 'o\n'], '[a] one\n[a] two\n'],
  ['empty lines', ['\n\n'], '[a] \n[a] \n'],
  ['a last line without its newline', ['one\ntwo'], '[a] one\n[a] two\n'],
  ['nothing', [], ''],
  ['bytes that are no text', ['\u00FF\u0000\n'], '[a] \u00FF\u0000\n'],
])('puts the name before %s', (_, pieces, expected) => {
  expect(shown('a', ...pieces)).toBe(expected);
});

it('does not hold back a line that never ends', () => {
  const lines = new LogLines('a');
  const piece = 'x'.repeat(40_000);
  expect(lines.push(Buffer.from(piece))).toHaveLength(0);
  expect(lines.push(Buffer.from(piece)).toString()).toBe(`[a] ${piece}${piece}\n`);
  expect(lines.end()).toHaveLength(0);
});

it('leaves everything as it is without a name', () => {
  expect(shown(null, 'one\ntw', 'o\u00FF')).toBe('one\ntwo\u00FF');
});
