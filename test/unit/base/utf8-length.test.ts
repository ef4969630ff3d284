import { expect, it } from 'vitest';
import { utf8Length } from '../../../src/base/utf8-length.ts';

it.each(['', 'plain', 'naïve', '漢字', '🦀', 'a🦀é漢', '\uD83E'])('is that of the encoder: %j', (text) => {
  expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
});
