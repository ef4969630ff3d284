/**
 * What the engine knows and the primitives cannot: that nobody can act on something any more. Each
 * is final. `name` is the primitive.
 */
export type Closing =
  /** A queue: nobody can still put. */
  | { readonly type: 'end_of_stream'; readonly name: string }
  /** A queue: nobody can still get. A barrier: too few parties are left. */
  | { readonly type: 'break'; readonly name: string }
  /** An event nobody can still set; a condition nobody can still notify. */
  | { readonly type: 'orphan'; readonly name: string };
