import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../../src/plan/build/parse-env-file.ts';

describe('parseEnvFile', () => {
  it.each([
    [
      'A=1\nB=2\n',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      '\uFEFFA=1\r\nB=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['# a comment\n\n  A = 1  \n', [['A', '1']]],
    ['export A=1 # said here', [['A', '1']]],
    ['A=1#2', [['A', '1#2']]],
    ["A='$HOME \\n #'", [['A', '$HOME \\n #']]],
    ['A="one\\ntwo \\"three\\""', [['A', 'one\ntwo "three"']]],
    [
      'A="one\ntwo"\nB=',
      [
        ['A', 'one\ntwo'],
        ['B', ''],
      ],
    ],
    ['A=https://host/?a=b', [['A', 'https://host/?a=b']]],
    ['', []],
  ])('reads %j', (text, entries) => {
    expect(parseEnvFile(text)).toEqual({ ok: true, value: entries });
  });

  it.each([
    ['A=1\nwhat is this\n', { line: 2, text: 'what is this' }],
    ['A="never closed', { line: 1, text: 'A="never closed' }],
    ['1A=x', { line: 1, text: '1A=x' }],
  ])('refuses %j and says where', (text, error) => {
    const parsed = parseEnvFile(text);
    expect(parsed.ok ? parsed.value : parsed.error).toEqual(error);
  });
});
