import { closingLine } from './closing-line.ts';
import { githubAnnotations } from './github-annotations.ts';
import type { ReportTarget } from './reporter.ts';
import type { RunRecord } from './run-record.ts';
import { createStyle } from './create-style.ts';
import { renderSummaryTable } from './render-summary-table.ts';
import { summarize, type Summary, type Tone } from './summarize.ts';
import { TextRuler } from './text-ruler.ts';

/** What the end of a run depends on, besides the run itself. */
export interface ClosingOptions {
  /** The folder that mpctl was called in. */
  readonly workingDir: string;
  /** GitHub Actions reads along: failures become annotations of the job. */
  readonly github: boolean;
}

/** How the closing is written, besides what the end of a run depends on. */
export interface ClosingForm extends ClosingOptions {
  /** Of a success only what did not succeed is shown, and nothing at all where there is none. */
  readonly onlyTrouble?: boolean;
}

/**
 * What every text view writes when a run is over: the table, annotations for GitHub and the closing
 * line. Nothing is written for a run that has not ended.
 */
export async function writeClosing(
  record: RunRecord,
  target: ReportTarget,
  options: ClosingForm,
): Promise<void> {
  if (record.ended === null) return;
  const isSuccess = record.ended.outcome === 'success';
  const onlyTrouble = isSuccess && (options.onlyTrouble ?? false);
  const whole = summarize(record);
  const summary = onlyTrouble ? troubleOf(whole) : whole;
  if (onlyTrouble && summary.rows.length + summary.folded.length === 0) return;
  const style = createStyle(target.color);
  const ruler = new TextRuler();
  const folded = summary.folded.map(({ sentence }) => sentence);
  await ruler.prepare([...summary.rows.flatMap((row) => [row.name, row.why]), ...folded]);
  // A file or pipe has no width, and what is cut out of it is lost.
  const width = target.isTerminal ? target.columns : Number.POSITIVE_INFINITY;
  const lines = ['', ...renderSummaryTable(summary, style, ruler, width)];
  if (options.github) lines.push(...githubAnnotations(record));
  lines.push(closingLine(record, style, options.workingDir));
  target.write(`${lines.join('\n')}\n`);
}

function troubleOf({ rows, folded }: Summary): Summary {
  return { rows: rows.filter(isTrouble), folded: folded.filter(isTrouble) };
}

function isTrouble({ tone }: { readonly tone: Tone }): boolean {
  return tone !== 'good';
}
