import type { DiagnosticReport } from './bag.ts';
import type { DiagnosticCode } from './catalogue.ts';
import type { Diagnostic } from './diagnostic.ts';
import { visibleText } from './display-width.ts';
import { lineIndexOf } from './line-index.ts';
import { paintFor, type Paint } from './paint.ts';
import type { Severity } from './severity.ts';
import type { SourceRange } from './source.ts';
import { windowAround } from './source-window.ts';

/** How the text is to look; whoever knows the terminal decides. */
export interface TextOptions {
  readonly color: boolean;
  /** Cells of a line of the terminal; longer source lines are cut around what is marked. */
  readonly width: number;
}

/** A source line narrower than this shows too little to be of use. */
const narrowestSource = 20;

/**
 * Findings as people read them: sentence, file:line:column, the line with a caret, the second places,
 * the hint. How to learn more is said once for each code. Ends with a line break; nothing for nothing.
 */
export function renderText(report: DiagnosticReport, options: TextOptions): string {
  const paint = paintFor(options.color);
  const explained = new Set<DiagnosticCode>();
  const blocks = report.diagnostics.map((diagnostic) => {
    const explain = !explained.has(diagnostic.code);
    explained.add(diagnostic.code);
    return renderDiagnostic(diagnostic, explain, paint, options.width);
  });
  if (report.omitted > 0) blocks.push(`and ${report.omitted} more\n`);
  return blocks.join('\n');
}

/** For example `2 errors, 1 warning in mpctl.yaml`. */
export function renderSummary(report: DiagnosticReport): string {
  const { counts, files } = report;
  const severities: readonly Severity[] = ['error', 'warning', 'note'];
  const parts = severities.filter((severity) => counts[severity] > 0).map((severity) => counted(counts[severity], severity));
  const found = parts.length === 0 ? 'no findings' : parts.join(', ');
  const [first] = files;
  if (first === undefined) return found;
  return `${found} in ${files.length === 1 ? visibleText(first) : `${files.length} files`}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function renderDiagnostic(diagnostic: Diagnostic, explain: boolean, paint: Paint, width: number): string {
  const { code, severity, certainty, message, range, related, note, hint } = diagnostic;
  const often = certainty === null ? '' : ` ${paint.dim(`(${certainty})`)}`;
  const head = `${paint.severity(severity, `${severity}[${code}]`)}${paint.bold(`: ${visibleText(message)}`)}${often}`;
  const ranges = [...(range === null ? [] : [range]), ...related.map((place) => place.range)];
  const gutter = Math.max(1, ...ranges.map((each) => String(lineOf(each)).length));
  const frameWidth = Math.max(narrowestSource, width - gutter - ' | '.length);

  const lines = [head];
  const frame = (arrow: string, each: SourceRange, mark: (line: string) => string): void => {
    lines.push(...renderFrame(each, { arrow, gutter, width: frameWidth, paint, mark }));
  };
  if (range !== null) frame('-->', range, (mark) => paint.severity(severity, mark));
  for (const place of related) {
    frame(':::', place.range, (mark) => paint.frame(`${mark.replaceAll('^', '-')} ${visibleText(place.message)}`));
  }

  const indent = ' '.repeat(gutter + 1);
  const remark = (label: string, text: string): string => {
    const [first = '', ...rest] = text.split('\n').map(visibleText);
    const hanging = ' '.repeat(indent.length + label.length + '= : '.length);
    return [`${indent}${paint.frame('=')} ${paint.bold(`${label}:`)} ${first}`, ...rest.map((line) => `${hanging}${line}`)].join('\n');
  };
  if (note !== null) lines.push(remark('note', note));
  if (hint !== null) lines.push(remark('hint', hint));
  if (explain) lines.push(paint.dim(`${indent}= explain: mpctl explain ${code}`));
  return `${lines.join('\n')}\n`;
}

interface FrameOptions {
  readonly arrow: string;
  readonly gutter: number;
  readonly width: number;
  readonly paint: Paint;
  /** Colours the mark, or adds a label to it. */
  readonly mark: (mark: string) => string;
}

/** A range over several lines is shown by its first one. */
function renderFrame(range: SourceRange, { arrow, gutter, width, paint, mark }: FrameOptions): readonly string[] {
  const index = lineIndexOf(range.source);
  const { line, column } = index.position(range.start);
  const text = index.lineText(line);
  const start = column - 1;
  const end = Math.min(text.length, start + Math.max(0, range.end - range.start));
  const shown = windowAround(text, start, end, width);
  const indent = ' '.repeat(gutter);
  const number = String(line).padStart(gutter);
  return [
    `${indent}${paint.frame(arrow)} ${visibleText(range.source.name)}:${line}:${column}`,
    `${indent} ${paint.frame('|')}`,
    `${paint.frame(`${number} |`)} ${shown.text}`.trimEnd(),
    `${indent} ${paint.frame('|')} ${' '.repeat(shown.indent)}${mark('^'.repeat(shown.length))}`,
  ];
}

function lineOf(range: SourceRange): number {
  return lineIndexOf(range.source).position(range.start).line;
}
