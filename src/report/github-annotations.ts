import type { RunRecord } from './run-record.ts';

/**
 * One `::error` workflow command for every instance and pool whose failure counts, so that GitHub
 * shows it on the page of the job (GitHub's "Workflow commands", with its escapes).
 */
export function githubAnnotations(record: RunRecord): readonly string[] {
  const lines: string[] = [];
  for (const { name, state } of record.instances.values()) {
    if (state.type === 'ended' && state.state === 'failed' && !state.allowed)
      lines.push(annotation(name, state.why));
  }
  for (const { name, ended } of record.pools.values()) {
    if (ended !== null && ended.state === 'failed' && !ended.allowed)
      lines.push(annotation(name, ended.why));
  }
  return lines;
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
