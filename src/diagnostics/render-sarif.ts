import type { DiagnosticReport } from './bag.ts';
import type { DiagnosticCode } from './catalogue.ts';
import type { Diagnostic } from './diagnostic.ts';
import { lineIndexOf } from './line-index.ts';
import { entryOf } from './make-diagnostic.ts';
import type { SourceRange } from './source.ts';

/**
 * Findings as one document of SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as code scanning and editors
 * read it: a rule for each code that is found, a result for each finding, with lines and columns from 1 in UTF-16 units.
 */
export function renderSarif(report: DiagnosticReport, version: string): string {
  const codes = [...new Set(report.diagnostics.map(({ code }) => code))].toSorted();
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mpctl', version, rules: codes.map(toRule) } },
        columnKind: 'utf16CodeUnits',
        results: report.diagnostics.map((diagnostic) => toResult(diagnostic, codes)),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function toRule(code: DiagnosticCode): object {
  const { slug, severity, title, explanation } = entryOf(code);
  return {
    id: code,
    name: slug,
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    help: { text: `${explanation}\n\nmpctl explain ${code} shows a wrong and a right example.` },
    defaultConfiguration: { level: severity },
  };
}

function toResult({ code, severity, certainty, message, range, related, note, hint }: Diagnostic, codes: readonly DiagnosticCode[]): object {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: [message, ...(note === null ? [] : [`note: ${note}`]), ...(hint === null ? [] : [`hint: ${hint}`])].join('\n') },
    locations: range === null ? [] : [{ physicalLocation: toPhysicalLocation(range) }],
    relatedLocations: related.map((place, index) => ({ id: index, physicalLocation: toPhysicalLocation(place.range), message: { text: place.message } })),
    ...(certainty === null ? {} : { properties: { certainty } }),
  };
}

function toPhysicalLocation({ source, start, end }: SourceRange): object {
  const index = lineIndexOf(source);
  const [first, last] = [index.position(start), index.position(Math.max(start, end))];
  return {
    artifactLocation: { uri: toUri(source.name) },
    region: { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column },
  };
}

/** A relative path stays relative, as code scanning wants it. */
function toUri(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
