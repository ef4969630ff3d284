/** Whoever shows what a run reports, such as a terminal, a pager or a file behind mpctl's two streams. */
export interface Viewer {
  /** About how many bytes it was given and has not taken yet. */
  pendingBytes(): number;
  /** So many of the last lines are all that it shows of what a process writes at once; null where it shows every line. */
  readonly lastLines: number | null;
  /** Registers who is called each time it has taken everything, or will take nothing any more. */
  onCaughtUp(listener: () => void): void;
}
