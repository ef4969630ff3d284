import { countedFailures } from './counted-failures.ts';
import type { RunRecord } from './run-record.ts';

/**
 * One `::error` workflow command for every instance and pool whose failure counts, so that GitHub
 * shows it on the page of the job (GitHub's "Workflow commands", with its escapes).
 */
export function githubAnnotations(record: RunRecord): readonly string[] {
  return countedFailures(record).map(({ name, why }) => annotation(name, why));
}

function annotation(name: string, why: string): string {
  return `::error title=${escapeProperty(`${name} failed`)}::${escapeData(why)}`;
}

/** Escapes what would end or change a workflow command's text. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
