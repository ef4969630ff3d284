import { array, assert, boolean, constant, integer, nat, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { ShortLivedMap } from '../../../src/base/short-lived-map.ts';

const key = integer({ min: 0, max: 5 });
const change = oneof(record({ verb: constant('set' as const), key, value: nat() }), record({ verb: constant('delete' as const), key }), record({ verb: constant('clear' as const) }));
type Change = { readonly verb: 'set'; readonly key: number; readonly value: number } | { readonly verb: 'delete'; readonly key: number } | { readonly verb: 'clear' };

function apply(map: ShortLivedMap<number, { readonly value: number }> | Map<number, { readonly value: number }>, one: Change): unknown {
  if (one.verb === 'delete') return map.delete(one.key);
  if (one.verb === 'clear') map.clear();
  else map.set(one.key, { value: one.value });
  return null;
}

test('it is a map, also for whoever goes through it while entries come and go', () => {
  assert(
    property(array(change, { maxLength: 30 }), array(array(change, { maxLength: 3 }), { maxLength: 8 }), boolean(), (before, meanwhile, byEntries) => {
      const [ours, model] = [new ShortLivedMap<number, { readonly value: number }>(), new Map<number, { readonly value: number }>()];
      for (const one of before) expect(apply(ours, one)).toEqual(apply(model, one));
      const [ourWay, modelWay] = byEntries ? [ours[Symbol.iterator](), model.entries()] : [ours.values(), model.values()];
      // Each ends: what comes meanwhile comes no more than so often.
      for (const changes of [...meanwhile, ...Array.from({ length: 30 }, () => [])]) {
        expect(ourWay.next()).toEqual(modelWay.next());
        for (const one of changes) expect(apply(ours, one)).toEqual(apply(model, one));
        expect([ours.size, [...ours.keys()], [...ours]]).toEqual([model.size, [...model.keys()], [...model]]);
        for (let one = 0; one <= 5; one += 1) expect([ours.has(one), ours.get(one)]).toEqual([model.has(one), model.get(one)]);
      }
    }),
  );
});
