import type { ByteSink } from './byte-sink.ts';
import type { ByteSource } from './byte-source.ts';
import type { SpawnFailure } from './spawn-failure.ts';
import type { WorkerExit } from './spawn-listener.ts';

/** A command that runs, whatever its standard streams are. */
export interface LaunchedProcess {
  readonly pid: number;
  /** The streams that come to us; null for those that go elsewhere. */
  readonly stdout: ByteSource | null;
  readonly stderr: ByteSource | null;
  readonly input: ByteSink | null;
  /** Sets the listener for the end of the leader; to be called in the turn of the launch. */
  onExit(callback: (exit: WorkerExit) => void): void;
}

/** How one attempt to start ended. */
export type LaunchOutcome =
  | { readonly type: 'launched'; readonly launched: LaunchedProcess }
  /** What the system said; it may be worth another attempt. */
  | { readonly type: 'error'; readonly error: unknown }
  /** What is explained already and no second attempt can mend. */
  | { readonly type: 'failure'; readonly failure: SpawnFailure };
