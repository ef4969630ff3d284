/** How the program ends: with a code, or by dying of a signal so that a shell sees 128+n. */
export type Exit =
  | { readonly type: 'code'; readonly code: number }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals };

/** Exit codes of the command line outside a worker, as the reference lists them. */
export const exitCodes = {
  success: 0,
  /** A process, a task or a check failed. */
  failure: 1,
  usage: 2,
  invalidSpec: 3,
  /** A file, a socket or a permission. */
  environment: 4,
  deadlock: 5,
  bug: 70,
  timeout: 124,
} as const;

/** Ends with a code. */
export function exitWith(code: number): Exit {
  return { type: 'code', code };
}
