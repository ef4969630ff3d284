import { exitCodes } from '../src/base/exit-codes.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';

/** Not the spec is wrong, but what surrounds it: the file, its folder, a permission. */
const environmentCodes: ReadonlySet<string> = new Set(['MP010', 'MP011', 'MP012', 'MP611']);

/** The exit code that the findings of one spec ask for: 4, 3, 5 with a deadlock alone, with `strict` 1, or 0. */
export function specExitCode(diagnostics: readonly Diagnostic[], strict: boolean): number {
  if (diagnostics.some(({ code }) => environmentCodes.has(code))) return exitCodes.environment;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  // Whoever has nothing else against it may still run it, and meet the deadlock or not.
  if (errors.some(({ code }) => code !== 'MP901')) return exitCodes.invalidSpec;
  if (errors.length > 0) return exitCodes.deadlock;
  if (strict && diagnostics.some(({ severity }) => severity === 'warning')) return exitCodes.failure;
  return exitCodes.success;
}
