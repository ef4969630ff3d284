/** What mpctl tells a worker about itself. */
export interface Worker {
  /** Name of the instance, for example `crawler-2`. */
  readonly process: string;
  /** Number of this instance among the replicas, from 1. */
  readonly replica: number;
  readonly replicas: number;
  /** From 1; a restart is the next attempt. */
  readonly attempt: number;
  readonly runId: string;
  /** Folder of the run, with its log files. */
  readonly runDir: string;
}

/**
 * The place of the calling program in a run of mpctl, read from its `MPCTL_*` variables; null where
 * it was not started by mpctl.
 */
export function worker(): Worker | null {
  const { env } = process;
  const name = env['MPCTL_PROCESS'];
  const runId = env['MPCTL_RUN_ID'];
  const runDir = env['MPCTL_RUN_DIR'];
  if (name === undefined || runId === undefined || runDir === undefined) return null;
  return {
    process: name,
    replica: Number(env['MPCTL_REPLICA'] ?? 1),
    replicas: Number(env['MPCTL_REPLICAS'] ?? 1),
    attempt: Number(env['MPCTL_ATTEMPT'] ?? 1),
    runId,
    runDir,
  };
}
