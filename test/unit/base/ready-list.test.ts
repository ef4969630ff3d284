import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReadyList } from '../../../src/base/ready-list.ts';

it('does what an array does', () => {
  const operation = fc.oneof(
    fc.record({ type: fc.constant('push' as const), value: fc.nat() }),
    fc.record({ type: fc.constant('unshift' as const), value: fc.nat() }),
    fc.constant({ type: 'shift' as const }),
    fc.constant({ type: 'clear' as const }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const list = new ReadyList();
      const model: number[] = [];
      const taken: unknown[] = [];
      const expected: unknown[] = [];
      for (const step of operations) {
        switch (step.type) {
          case 'push':
            list.push(step.value);
            model.push(step.value);
            break;
          case 'unshift':
            list.unshift(step.value);
            model.unshift(step.value);
            break;
          case 'shift':
            taken.push(list.shift());
            expected.push(model.shift());
            break;
          case 'clear':
            list.clear();
            model.length = 0;
            break;
        }
      }
      expect(taken).toEqual(expected);
    }),
  );
});
