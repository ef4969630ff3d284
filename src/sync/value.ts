import type { Json } from '../base/json.ts';
import { jsonEqual } from './json-equal.ts';
import type { SyncRequest } from './operation.ts';
import { failed, granted } from './outcome.ts';
import type { PrimitiveSnapshot } from './snapshot.ts';
import type { Waits } from './waits.ts';

/** A shared JSON value; every operation is atomic and none waits. */
export class SharedValue {
  readonly name: string;
  readonly #waits: Waits;
  #value: Json;

  constructor(name: string, initial: Json, waits: Waits) {
    this.name = name;
    this.#value = initial;
    this.#waits = waits;
  }

  load(request: SyncRequest): void {
    this.#waits.answer(request, granted(this.#value));
  }

  store(request: SyncRequest, value: Json): void {
    this.#value = value;
    this.#waits.answer(request, granted());
  }

  /** Gives the sum; fails as `wrong_type` where the value is not a number, as `inexact` where the sum would be another one. */
  add(request: SyncRequest, by: number): void {
    if (typeof this.#value !== 'number') {
      this.#waits.answer(request, failed('wrong_type'));
      return;
    }
    const sum = this.#value + by;
    // JSON has no infinity, which would be null from now on; and a counter that no longer counts is worse than none.
    if (!Number.isFinite(sum) || (isExact(this.#value) && isExact(by) && !isExact(sum))) {
      this.#waits.answer(request, failed('inexact'));
      return;
    }
    this.#value = sum;
    this.#waits.answer(request, granted(sum));
  }

  /** Stores `value` where the present one equals `expected`, and gives whether it did. */
  compareAndSet(request: SyncRequest, expected: Json, value: Json): void {
    const equal = jsonEqual(this.#value, expected);
    if (equal) this.#value = value;
    this.#waits.answer(request, granted(equal));
  }

  snapshot(): PrimitiveSnapshot {
    return { kind: 'value', name: this.name, value: this.#value };
  }
}

/** Whether a number is a whole one that has no other one within its rounding. */
function isExact(number: number): boolean {
  return Number.isSafeInteger(number);
}
