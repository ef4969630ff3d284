/** The flags of `mpctl resume`, as they were given. */
export interface ResumeFlags {
  readonly retryFailed?: boolean;
  /** Without it, the live view on a terminal and prefixed lines elsewhere. */
  readonly output?: 'prefixed' | 'grouped' | 'quiet';
  readonly timestamps?: boolean;
  /** Without it, the run is stopped if that process was waiting in the foreground. */
  readonly onParentExit?: 'stop' | 'continue';
  readonly format: 'text' | 'json';
  /** false: a spec that always deadlocks is run nevertheless. */
  readonly check?: boolean;
}

/** The flags of `mpctl run`, as they were given. */
export interface RunFlags extends ResumeFlags {
  /** In the order given; later ones win. */
  readonly env?: readonly (readonly [name: string, value: string])[];
  /** In ms. */
  readonly timeout?: number;
  readonly maxParallel?: number;
  readonly onFailure?: 'stop' | 'continue';
  /** The run to go on from. */
  readonly resume?: string;
  /** The file with the order that it follows. */
  readonly schedule?: string;
  /** With `schedule`: commands are run as they are. */
  readonly real?: boolean;
  /** So many runs, each in another order. */
  readonly explore?: number;
  /** Of the first of them. */
  readonly seed?: number;
}
