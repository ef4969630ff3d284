import { maskOutput } from './mask-output.ts';
import type { ExampleExpectation } from './example-expectation.ts';
import type { ExampleRun } from './run-example.ts';

/** An ended example in the form in which it can be compared. */
export interface ExampleTranscript {
  /** The text of `expected.txt`: the lines of each process in their own order, process by process. */
  readonly text: string;
  /** The lines of all processes as they came: of stdout, then of stderr. */
  readonly lines: readonly (readonly string[])[];
  /** What mpctl itself said on stderr. */
  readonly notices: readonly string[];
}

/** Masks an ended example and puts its lines in an order that does not depend on who was first. */
export function transcribe({ result, runId, span, files }: ExampleRun, { pools }: ExampleExpectation): ExampleTranscript {
  const mask = (text: string): string[] =>
    maskOutput(maskTimes(text, span), [runId]).split('\n').slice(0, -1).map((line) => maskSlot(line, pools));
  const stdout = mask(result.stdout);
  const stderr = mask(result.stderr);
  const summary = stdout.filter((line) => !isOfWorker(line));
  const names = summary.map((line) => line.split(' ', 1)[0] ?? '');
  const workers = [stdout, stderr].map((lines) => lines.filter(isOfWorker));
  const [onStdout, onStderr] = workers.map((lines) => groupByProcess(lines, names, pools));
  const sections: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['stdout', [...(onStdout ?? []), ...summary]],
    ['stderr of the workers', onStderr ?? []],
    ...files.map(([name, text]) => [name, text.split('\n').slice(0, -1)] as const),
    ['ends with', [String(result.signal ?? result.exitCode)]],
  ];
  return {
    text: sections
      .filter(([, lines]) => lines.length > 0)
      .map(([heading, lines]) => `--- ${heading}\n${lines.map((line) => `${line}\n`).join('')}`)
      .join(''),
    lines: workers,
    notices: stderr.filter((line) => !isOfWorker(line)),
  };
}

/** Times as `date` prints them, where they lie within the run; any other time is a difference. */
function maskTimes(text: string, [from, to]: ExampleRun['span']): string {
  return text.replaceAll(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}\b/gu, (found) => {
    const time = Date.parse(found);
    return from.getTime() <= time && time <= to.getTime() ? '<ms>' : found;
  });
}

function isOfWorker(line: string): boolean {
  return line.startsWith('[');
}

/** The number of a worker, where its pool has so many; any other number is a difference. */
function maskSlot(line: string, pools: ExampleExpectation['pools']): string {
  const { pool = '', slot = '', text = '' } = /^\[(?<pool>[^\]]+)-(?<slot>[1-9]\d*)\] (?<text>.*)$/u.exec(line)?.groups ?? {};
  return Number(slot) <= (pools[pool] ?? 0) && slot !== '' ? `[${pool}-<id>] ${text}` : line;
}

/** The lines of each process together, processes in the order of the summary; a pool's lines sorted. */
function groupByProcess(lines: readonly string[], names: readonly string[], pools: ExampleExpectation['pools']): string[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const name = line.slice(1, line.indexOf(']')).replace(/-<id>$/u, '');
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  return [...groups]
    .toSorted(([a], [b]) => names.indexOf(a) - names.indexOf(b))
    .flatMap(([name, ofOne]) => (name in pools ? ofOne.toSorted() : ofOne));
}
