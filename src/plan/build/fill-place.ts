import type { Place } from '../../base/place.ts';
import type { BuildContext } from './build-context.ts';
import type { LoadScope } from './load-scope.ts';

/** Where a value is written, and what it may name. */
export interface FillPlace {
  readonly context: BuildContext;
  readonly scope: LoadScope;
  readonly place: Place;
}

/** The same, further down in the spec. Spelt out, since a large spec asks for millions of places. */
export function below(at: FillPlace, ...keys: readonly (string | number)[]): FillPlace {
  return { context: at.context, scope: at.scope, place: at.place.concat(keys) };
}
