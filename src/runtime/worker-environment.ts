import type { SpawnOrder } from '../engine/effect.ts';

/** By what it says the guardian and the last sweep find what has left its group; so no spec may set it. */
export const runIdsVariable = 'MPCTL_RUN_IDS';

/** The environments of the workers of a run. */
export class WorkerEnvironment {
  readonly #own: Readonly<Record<string, string>>;
  readonly #runIds: string;

  /** `own` is mpctl's; `runIds` are those that workers are found by. */
  constructor(own: Readonly<Record<string, string>>, runIds: string) {
    this.#own = own;
    this.#runIds = runIds;
  }

  /** The complete environment of a worker: mpctl's own with the overlay on top, but for what its processes are found by. */
  of(overlay: SpawnOrder['environment']): Record<string, string> {
    const environment: Record<string, string> = { ...this.#own };
    for (const [name, value] of overlay) {
      if (value !== null) environment[name] = value;
      else if (this.#own[name] === undefined) Reflect.deleteProperty(environment, name);
      else environment[name] = this.#own[name];
    }
    environment[runIdsVariable] = this.#runIds;
    return environment;
  }
}
