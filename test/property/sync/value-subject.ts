import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import type { Operation, SyncRequest } from '../../../src/sync/operation.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
import { NaiveModel } from './naive-model.ts';

/** One shared value. */
class ValueModel extends NaiveModel<null> {
  #value: Json = 0;

  protected ask(request: SyncRequest): void {
    const { operation } = request;
    if (operation.verb === 'load') this.grant(request, this.#value);
    if (operation.verb === 'store') {
      this.#value = operation.item;
      this.grant(request);
    }
    if (operation.verb === 'add') {
      if (typeof this.#value === 'number') this.#add(request, this.#value, operation.by);
      else this.fail(request, 'wrong_type');
    }
    if (operation.verb === 'compare_and_set') {
      const equal = isDeepStrictEqual(this.#value, operation.expected);
      if (equal) this.#value = operation.item;
      this.grant(request, equal);
    }
  }

  #add(request: SyncRequest, value: number, by: number): void {
    const sum = value + by;
    const areCounted = [value, by].every((one) => Number.isInteger(one) && Math.abs(one) < 2 ** 53);
    if (Number.isFinite(sum) && !(areCounted && BigInt(value) + BigInt(by) >= 2n ** 53n)) {
      this.#value = sum;
      this.grant(request, sum);
    } else {
      this.fail(request, 'inexact');
    }
  }

  protected closing(): void {
    // A value is never closed.
  }

  protected ended(): void {
    // Nobody owns a value.
  }

  protected calledOff(): void {
    // Nobody waits for a value.
  }
}

const name = fc.constant('counter');

const value: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  0, 1, 2, 1e308, Number.MAX_SAFE_INTEGER, true, '1', null, [], [1], [1, 2], {}, { a: 1, b: [2] }, { b: [2], a: 1 }, { a: 1 }, { a: null }, { b: null },
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ verb: fc.constant('load'), name }),
  fc.record({ verb: fc.constant('store'), name, item: value }),
  fc.record({ verb: fc.constant('add'), name, by: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(1e308)) }),
  fc.record({ verb: fc.constant('compare_and_set'), name, expected: value, item: value }),
);

/** A shared value of any JSON type. */
export const valueSubject: Subject = {
  definitions: [{ kind: 'value', name: 'counter', initial: 0 }],
  commands: commandsOf(operation, []),
  createModel: () => new ValueModel(),
  invariant: () => undefined,
};
