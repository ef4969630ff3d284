import { expect, test } from 'vitest';
import { describeLeft } from '../../../src/runtime/run-folder/end-killed-run.ts';

test('what a killed run has left is named by its pid and its command line', () => {
  const ended = [
    { pid: 7, command: 'sleep 600', alive: false },
    { pid: 8, command: null, alive: true },
  ];
  expect(describeLeft('r', ended)).toBe('the run r was killed, and its guardian with it: ended 2 processes that it had left, 8 `?` (which could not be ended), 7 `sleep 600`');
});

test('a command line is shown on one line, in characters that move no cursor, and not longer than is of use', () => {
  const said = describeLeft('r', [{ pid: 7, command: `bash -c \u001B[2Jecho\n${'x'.repeat(5000)}`, alive: false }]);
  expect(said).toMatch(/ended one process that it had left, 7 `bash -c ␛\[2Jecho␊x+…`$/u);
  expect(said.length).toBeLessThan(200);
});

test('of very many, some are named, and among them all that could not be ended', () => {
  const ended = Array.from({ length: 300 }, (_, index) => ({ pid: 1000 + index, command: 'sleep 600', alive: index === 299 }));
  const said = describeLeft('r', ended);
  expect(said).toContain('ended 300 processes');
  expect(said).toContain('1299 `sleep 600` (which could not be ended)');
  expect(said).toMatch(/ and 290 more$/u);
  expect(said.length).toBeLessThan(400);
});
