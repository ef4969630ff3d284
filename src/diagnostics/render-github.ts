import type { DiagnosticReport } from './bag.ts';
import type { Diagnostic } from './diagnostic.ts';
import { lineIndexOf } from './line-index.ts';
import { entryOf } from './make-diagnostic.ts';
import type { Severity } from './severity.ts';

const commandOf: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * Findings as workflow commands of GitHub Actions, one a line, which the runner turns into annotations
 * at the changed lines.
 */
export function renderGithub(report: DiagnosticReport): string {
  return report.diagnostics.map((diagnostic) => `${renderCommand(diagnostic)}\n`).join('');
}

function renderCommand({ code, severity, certainty, message, range, related, note, hint }: Diagnostic): string {
  const properties: (readonly [string, string | number])[] = [];
  if (range !== null) {
    const index = lineIndexOf(range.source);
    const start = index.position(range.start);
    const end = index.position(Math.max(range.start, range.end));
    properties.push(['file', range.source.name], ['line', start.line], ['endLine', end.line], ['col', start.column]);
    // GitHub refuses an end column where the lines differ.
    if (start.line === end.line) properties.push(['endColumn', end.column]);
  }
  properties.push(['title', `${code} ${entryOf(code).slug}${certainty === null ? '' : ` (${certainty})`}`]);
  const written = properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');

  const places = related.map((place) => {
    const { line, column } = lineIndexOf(place.range.source).position(place.range.start);
    return `${place.message}: ${place.range.source.name}:${line}:${column}`;
  });
  const body = [message, ...places, ...(note === null ? [] : [`note: ${note}`]), ...(hint === null ? [] : [`hint: ${hint}`])].join('\n');
  return `::${commandOf[severity]} ${written}::${escapeData(body)}`;
}

/** As the toolkit of GitHub Actions does it: the percent sign first. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
