import { expect, it } from 'vitest';
import * as fc from 'fast-check';
import { StatePacking } from '../../../src/verify/state-packing.ts';
import { StateSet } from '../../../src/verify/state-set.ts';

const sizesAndStates = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 ** 31 })), { minLength: 1, maxLength: 20 })
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      states: fc.array(fc.tuple(...sizes.map((size) => fc.integer({ min: 0, max: size - 1 }))), { minLength: 1, maxLength: 60 }),
    }),
  );

it('gives every state back as it was packed', () => {
  fc.assert(
    fc.property(sizesAndStates, ({ sizes, states }) => {
      const packing = new StatePacking(sizes);
      for (const state of states) {
        const read = new Int32Array(sizes.length);
        const words = packing.pack(state);
        packing.unpack(words, 0, read);
        expect([...read]).toEqual(state);
        expect(state.map((_, field) => packing.read(words, field))).toEqual(state);
      }
    }),
  );
});

it('changes one field and no other', () => {
  fc.assert(
    fc.property(sizesAndStates, fc.nat(), ({ sizes, states }, seed) => {
      const packing = new StatePacking(sizes);
      const [first = [], second = first] = states;
      const field = seed % sizes.length;
      const words = packing.pack(first);
      packing.write(words, field, second[field] ?? 0);
      const read = new Int32Array(sizes.length);
      packing.unpack(words, 0, read);
      expect([...read]).toEqual(first.with(field, second[field] ?? 0));
    }),
  );
});

it('numbers states in the order in which they come, and each once', () => {
  const few = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), { minLength: 1, maxLength: 5000 });
  fc.assert(
    fc.property(few, (states) => {
      const set = new StateSet(2);
      const model = new Map<string, number>();
      for (const [index, state] of states.entries()) {
        const key = state.join(' ');
        const expected = model.get(key) ?? model.size;
        expect(set.add(Int32Array.from(state), index)).toBe(expected);
        model.set(key, expected);
      }
      expect(set.size).toBe(model.size);
    }),
    { numRuns: 50 },
  );
});
