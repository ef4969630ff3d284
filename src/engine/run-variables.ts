import type { EngineOptions } from './engine-options.ts';

/** What mpctl itself sets in an environment, in the order in which it counts. */
export type Variables = readonly (readonly [name: string, value: string])[];

/** What every command of this run is told of it. */
export function runVariables({ runId, runFolder }: EngineOptions): Variables {
  return [
    ['MPCTL_RUN_ID', runId],
    ['MPCTL_RUN_DIR', runFolder],
  ];
}

/** The same of a command of an attempt, which is told of that too. */
export function attemptVariables(options: EngineOptions, instance: string, attempt: number): Variables {
  return [...runVariables(options), ['MPCTL_PROCESS', instance], ['MPCTL_ATTEMPT', String(attempt)]];
}
