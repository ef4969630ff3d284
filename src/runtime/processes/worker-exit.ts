/** How a worker's leader ended; exactly one of the two is null. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
