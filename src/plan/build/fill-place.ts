import type { Place } from '../../base/place.ts';
import type { BuildContext } from './build-context.ts';
import type { LoadScope } from './load-scope.ts';

/**
 * Where a value is written, and what it may name. It knows only its last key and what it is below,
 * because a large spec has a million values and nearly none of them is ever pointed at.
 */
export class FillPlace {
  readonly context: BuildContext;
  readonly scope: LoadScope;
  readonly #outer: FillPlace | null;
  readonly #key: string | number;

  private constructor(
    context: BuildContext,
    scope: LoadScope,
    outer: FillPlace | null,
    key: string | number,
  ) {
    this.context = context;
    this.scope = scope;
    this.#outer = outer;
    this.#key = key;
  }

  /** The whole spec. */
  static top(context: BuildContext, scope: LoadScope): FillPlace {
    return new FillPlace(context, scope, null, '');
  }

  /** All keys from the top; put together anew each time. */
  get place(): Place {
    const keys: (string | number)[] = [];
    for (let at: FillPlace = this; at.#outer !== null; at = at.#outer) keys.push(at.#key);
    return keys.toReversed();
  }

  /** What is written under one of its keys. */
  below(key: string | number): FillPlace {
    return new FillPlace(this.context, this.scope, this, key);
  }

  /** The same place where other names are known. */
  inScope(scope: LoadScope): FillPlace {
    return new FillPlace(this.context, scope, this.#outer, this.#key);
  }
}
