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

  /** Gives the sum; fails as `wrong_type` where the value is not a number, or the sum none that JSON has. */
  add(request: SyncRequest, by: number): void {
    if (typeof this.#value !== 'number') {
      this.#waits.answer(request, failed('wrong_type'));
      return;
    }
    const sum = this.#value + by;
    if (!Number.isFinite(sum)) {
      // JSON has no infinity: it would be null from now on.
      this.#waits.answer(request, failed('wrong_type'));
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
