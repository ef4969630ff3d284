import type { Place } from '../../base/place.ts';
import type { BuildContext } from './build-context.ts';
import type { LoadScope } from './load-scope.ts';
import { RunTimeNames } from './run-time-names.ts';

/**
 * Where a value is written, and what it may name. It knows only its last key and what it is below,
 * because a large spec has a million values and nearly none of them is ever pointed at.
 */
export class FillPlace {
  readonly context: BuildContext;
  readonly scope: LoadScope;
  readonly #outer: FillPlace | null;
  readonly #key: string | number;
  #place: Place | null = null;

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

  /** All keys from the top. */
  get place(): Place {
    this.#place ??= this.#outer === null ? [] : this.#outer.place.concat(this.#key);
    return this.#place;
  }

  /** Where something is missing if this value is: of a variable in a list it is known all the same which one it is. */
  get gap(): Place {
    const { variable } = this.scope;
    return variable === undefined || typeof this.#key === 'string' ? this.place : this.place.concat(variable);
  }

  /** What is written under one of its keys. */
  below(key: string | number): FillPlace {
    return new FillPlace(this.context, this.scope, this, key);
  }

  /** The same place, filled in apart from any step or task: there are no variables and no item. */
  apartFromTheWork(): FillPlace {
    const { environment, environmentApart = environment } = this.scope;
    return this.inScope({ ...this.scope, environment: environmentApart, runTime: RunTimeNames.none });
  }

  /** The same place where other names are known. */
  inScope(scope: LoadScope): FillPlace {
    const moved = new FillPlace(this.context, scope, this.#outer, this.#key);
    moved.#place = this.#place;
    return moved;
  }
}
