/** How long a call may wait. */
export interface WaitOptions {
  /** In ms; without limit where it is not there or is Infinity, and 0 does not wait. */
  readonly timeoutMs?: number | null | undefined;
  /** Calls the wait off, which then throws `Cancelled`. */
  readonly signal?: AbortSignal | undefined;
}
