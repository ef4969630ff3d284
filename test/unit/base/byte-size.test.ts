import { expect, it } from 'vitest';
import { parseByteSize } from '../../../src/base/byte-size.ts';

it.each([
  ['0B', 0],
  ['64K', 65_536],
  ['1.5K', 1536],
  ['50M', 52_428_800],
  ['1G', 1_073_741_824],
  ['64', null],
  ['64KB', null],
  ['K', null],
  ['-1K', null],
])('%s is %s bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});
