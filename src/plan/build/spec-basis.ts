import type { EnvironmentLayer } from '../command.ts';
import type { StopPlan } from '../plan.ts';

/** What the top of the spec gives every process and pool. */
export interface SpecBasis {
  /** Absolute. */
  readonly workingDir: string;
  readonly layers: readonly EnvironmentLayer[];
  /** The last layer of everything: what the command line says. */
  readonly overrideLayer: EnvironmentLayer;
  readonly stop: StopPlan;
  /** Processes with a `readiness_probe`: they are waited for until they are ready. */
  readonly probed: ReadonlySet<string>;
}
