import { exitCodes } from '../cmd/exit.ts';
import { catalogue } from '../src/diagnostics/catalogue.ts';
import type { CodeEntry } from '../src/diagnostics/code-entry.ts';
import { table } from './reference-tables.ts';

const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  success: 'everything that counts has succeeded; the spec is valid',
  failure: 'a process, a task or a check failed',
  usage: 'the command line was wrong',
  invalidSpec: 'the spec is invalid',
  environment: 'a file, a socket or a permission was missing',
  deadlock: 'a deadlock was met',
  bug: 'a bug in mpctl',
  timeout: "the run's `timeout` ran out",
};

/** The exit codes of `run` and `check`. */
export function renderExitCodes(): string {
  const rows = Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    Object.entries(exitMeanings).find(([key]) => key === name)?.[1] ?? '',
  ]);
  return table(['code', 'meaning'], [
    ...rows,
    ['128+n', 'ended by signal n: mpctl cleans up and then dies of that signal, so that a shell sees 128+n'],
  ]);
}

/** Every code of the catalogue in one line. */
export function renderCodes(): string {
  const entries: readonly [string, CodeEntry][] = Object.entries(catalogue);
  const rows = entries
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([code, { slug, severity, title }]) => [code, severity, `\`${slug}\``, title]);
  return table(['code', 'severity', 'name', 'meaning'], rows);
}
