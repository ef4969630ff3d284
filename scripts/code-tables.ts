import { exitMeanings } from '../src/base/exit-codes.ts';
import { catalogue } from '../src/diagnostics/catalogue.ts';
import type { CodeEntry } from '../src/diagnostics/code-entry.ts';
import { table } from './reference-tables.ts';

/** The exit codes of `run` and `check`. */
export function renderExitCodes(): string {
  return table(['code', 'meaning'], exitMeanings);
}

/** Every code of the catalogue in one line. */
export function renderCodes(): string {
  const entries: readonly [string, CodeEntry][] = Object.entries(catalogue());
  const rows = entries
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([code, { slug, severity, title }]) => [code, severity, `\`${slug}\``, title]);
  return table(['code', 'severity', 'name', 'meaning'], rows);
}
