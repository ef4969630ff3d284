/** One call under way whose asker does nothing until it has the answer. */
export interface SeenWaiter {
  /** As the door numbers it. */
  readonly call: number;
  readonly pid: number;
  /** The thread of that process that waits. */
  readonly thread: string;
  /**
   * How many threads its process had when it asked; null where all of the process waits, whatever threads it has;
   * `loop` where an event loop hears the answer.
   */
  readonly threads: number | 'loop' | null;
}

/** A connection to the run that a process hears in its event loop, with or without a call under way. */
export interface SeenLoop {
  readonly pid: number;
  /** The process has said that it hears nothing that the system does not show. */
  readonly isSaid: boolean;
}

/**
 * What a thread of a process is at: `answer` reads from a socket, once for each where it is an event loop that
 * hears several; `input` waits for the empty pipe that mpctl feeds, `output` for room in the full one that mpctl reads,
 * `joined_input` and `joined_output` do the same at a pipe that another program has the other end of;
 * `own` waits without a limit for what only its own program can give, such as the end of a child
 * or of another thread; `other` is anything else, from computing to a wait for the network.
 */
export type ThreadWait = 'answer' | 'input' | 'output' | 'joined_input' | 'joined_output' | 'own' | 'other';

/** One process of a program. */
export interface SeenProcess {
  readonly pid: number;
  /** Equal in two looks where none of its threads has run between them. */
  readonly mark: string;
  /** null where the system does not tell. */
  readonly threads: readonly ThreadWait[] | null;
}

/** A running command as it was seen from outside, all at one moment. */
export interface SeenProgram {
  /** All that is alive of it, wherever it has gone. */
  readonly processes: readonly SeenProcess[];
  /** Those of its instance that wait for the run. */
  readonly waiters: readonly SeenWaiter[];
  /** The processes that have a connection to the run in the name of its instance. */
  readonly clients: readonly number[];
  /** Those of the connections that event loops hear. */
  readonly loops: readonly SeenLoop[];
  /** Those with a thread that does nothing but hear what the run wants back of a loan; one for each such thread. */
  readonly listeners: readonly number[];
}
