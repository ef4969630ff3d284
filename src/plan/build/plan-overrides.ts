/** What the command line says over the spec; what is absent is left as written. */
export interface PlanOverrides {
  /** Variables of every process, above its own `environment`. */
  readonly environment?: readonly (readonly [name: string, value: string])[];
  /** Of the whole run, in ms. */
  readonly timeoutMs?: number;
  readonly maxParallel?: number;
  readonly onFailure?: 'stop' | 'continue';
}
