import { exitCodes } from '../src/base/exit-codes.ts';
import { didYouMean } from '../src/base/did-you-mean.ts';
import { catalogue, type DiagnosticCode } from '../src/diagnostics/catalogue.ts';
import { entryOf, makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { paintFor } from '../src/diagnostics/paint.ts';
import { toldElsewhere } from '../src/diagnostics/told-elsewhere.ts';
import type { CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import { readExplanation, type Explanation } from './explanations.ts';
import { wrapText } from './wrap-text.ts';

const widestProse = 80;

/** Explains one code, or lists all of them. */
export function explain(context: CommandContext, written: string | undefined, format: 'text' | 'json'): Exit {
  const { stdout } = context.host;
  if (written === undefined) {
    stdout.write(format === 'json' ? toJson({ v: 1, codes: allCodes.map((code) => ({ code, ...entryOf(code) })) }) : listCodes());
    return exitWith(exitCodes.success);
  }
  const code = findCode(written);
  if (code === null) {
    context.printDiagnostics([
      makeDiagnostic('MP017', `there is no code \`${written}\``, { hint: hintForUnknown(written) }),
    ]);
    return exitWith(exitCodes.usage);
  }
  const explanation = readExplanation(code);
  const text =
    format === 'json'
      ? toJson({ v: 1, code, ...entryOf(code), ...explanation })
      : renderExplanation(code, explanation, context.color(stdout));
  stdout.write(text);
  return exitWith(exitCodes.success);
}

const allCodes = Object.keys(catalogue()).filter(isCode).toSorted();

function isCode(key: string): key is DiagnosticCode {
  return key in catalogue();
}

/** Where a check is told that has no code of its own; else a near code or slug, else how to see all of them. */
function hintForUnknown(written: string): string {
  const elsewhere = Object.entries(toldElsewhere).find(([code, { slug }]) => code === numbered(written) || slug === written.toLowerCase());
  if (elsewhere !== undefined) {
    const [, { slug, by, why }] = elsewhere;
    return `\`${slug}\` ${by.length === 0 ? 'has nothing to tell' : `is told by ${by.join(', ')}`}: ${why}`;
  }
  const meant = didYouMean(written.toUpperCase(), allCodes) ?? didYouMean(written, allCodes.map((code) => entryOf(code).slug));
  if (meant !== null) return `did you mean \`mpctl explain ${meant}\`?`;
  return '`mpctl explain` lists all codes';
}

/** A code in any case, with or without `MP` and leading zeros, or its slug. */
function findCode(written: string): DiagnosticCode | null {
  const wanted = numbered(written);
  return allCodes.find((code) => code === wanted || entryOf(code).slug === written.toLowerCase()) ?? null;
}

function numbered(written: string): string {
  return written.toUpperCase().replace(/^(?:MP)?(?<digits>\d{1,3})$/u, (_whole, digits: string) => `MP${digits.padStart(3, '0')}`);
}

function listCodes(): string {
  return allCodes.map((code) => `${code}  ${entryOf(code).title}\n`).join('');
}

function renderExplanation(code: DiagnosticCode, explanation: Explanation | null, color: boolean): string {
  const { slug, severity, certainty, title, explanation: why } = entryOf(code);
  const paint = paintFor(color);
  const sections = [
    `${paint.severity(severity, code)} ${paint.bold(slug)} (${[severity, certainty ?? []].flat().join(', ')}): ${title}\n`,
    `${wrapText(why, widestProse)}\n`,
  ];
  if (explanation !== null) {
    const { wrong, output, right } = explanation;
    sections.push(section(paint.bold('Wrong:'), wrong), section(paint.bold('What mpctl says:'), output), section(paint.bold('Right:'), right));
  }
  return sections.join('\n');
}

function section(title: string, text: string): string {
  const indented = text.trimEnd().replaceAll(/^(?=.)/gmu, '  ');
  return `${title}\n\n${indented}\n`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
