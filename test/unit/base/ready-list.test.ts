import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReadyList } from '../../../src/base/ready-list.ts';

it('takes what was put back before the rest, both in order of arrival', () => {
  const operation = fc.oneof(
    fc.record({ type: fc.constant('push' as const), value: fc.nat() }),
    fc.record({ type: fc.constant('putBack' as const), value: fc.nat() }),
    fc.constant({ type: 'shift' as const }),
    fc.constant({ type: 'clear' as const }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const list = new ReadyList();
      const back: number[] = [];
      const rest: number[] = [];
      const taken: unknown[] = [];
      const expected: unknown[] = [];
      for (const step of operations) {
        switch (step.type) {
          case 'push':
            list.push(step.value);
            rest.push(step.value);
            break;
          case 'putBack':
            list.putBack(step.value);
            back.push(step.value);
            break;
          case 'shift':
            taken.push(list.shift());
            expected.push(back.shift() ?? rest.shift());
            break;
          case 'clear':
            list.clear();
            back.length = 0;
            rest.length = 0;
            break;
        }
      }
      expect(taken).toEqual(expected);
    }),
  );
});
