/** What a command is started with. */
export interface CommandStart {
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** On top of mpctl's own environment, later entries winning; null restores mpctl's own value. */
  readonly overlay: readonly (readonly [name: string, value: string | null])[];
  /** All of it, made where it is needed. */
  readonly environment: () => Readonly<Record<string, string>>;
}
