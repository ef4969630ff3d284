/** Says when what a worker writes is to be left unread, so that the worker waits where nobody takes it. */
export interface OutputGate {
  /** So many bytes of a stream were read. Whether nothing more of it is to be for now; `goOn` is called once when it may be again. */
  holds(stream: 'stdout' | 'stderr', bytes: number, goOn: () => void): boolean;
  /** How many of the last lines of what comes at once somebody wants. */
  mostLines(stream: 'stdout' | 'stderr'): number;
}
