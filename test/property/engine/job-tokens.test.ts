import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JobTokens } from '../../../src/engine/job-tokens.ts';
import { happenings, TokenWorld } from '../../rig/token-world.ts';

test.each([
  { of: 'make', implicit: 1 },
  { of: 'a pool', implicit: 0 },
])('never more run than there are tokens of $of for, each that wants to does, and every token goes back', ({ implicit }) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }), fc.array(fc.constantFrom(...happenings), { maxLength: 80 }), (total, most, happened) => {
      const world = new TokenWorld(implicit, total, most + implicit);
      for (const what of happened) world.happens(what);
      expect(world.finish()).toEqual({ free: total, isAsked: false, held: 0 });
    }),
  );
});

test('one that came in vain is kept alone, and asked for no second time', () => {
  const tokens = new JobTokens({ implicit: 1, most: 8 });
  expect(tokens.next({ used: 1, isWanted: true })).toBe('ask');
  tokens.read();
  expect(tokens.next({ used: 1, isWanted: true })).toBeNull();
  expect(tokens.next({ used: 1, isWanted: false })).toBe('put_back');
});
