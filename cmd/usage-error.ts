import type { Command } from 'commander';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';

/**
 * Wrong usage, on its way out of commander, whose parsers of values know no other way to refuse one.
 * `main` catches it and ends with 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** `mpctl check`: a command as the user types it. */
export function fullNameOf(command: Command): string {
  return command.parent === null ? command.name() : `${fullNameOf(command.parent)} ${command.name()}`;
}
