/** How the program ends: with a code, or by dying of a signal so that a shell sees 128+n. */
export type Exit =
  | { readonly type: 'code'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals };

/** Ends with a code. */
export function exitWith(code: number): Exit {
  return { type: 'code', code };
}
