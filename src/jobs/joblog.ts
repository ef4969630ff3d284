/* The job log of GNU parallel: a line a job, written when it has ended, and read again by `--resume`. */
import { err, ok, type Result } from '../base/result.ts';

/** The first line, with its end. */
export const joblogHeader = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';

/** What of a job is written down. */
export interface JobRecord {
  readonly seq: number;
  /** Since 1970. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Of its standard output. */
  readonly outputBytes: number;
  /** -1 where mpctl ended it because of its time. */
  readonly exitCode: number;
  /** 0 for none. */
  readonly signal: number;
  readonly command: string;
}

/** The line of a job, with its end. A newline of the command becomes NUL, as GNU parallel has it. */
export function joblogLine({ seq, startedMs, durationMs, outputBytes, exitCode, signal, command }: JobRecord): string {
  const seconds = (durationMs / 1000).toFixed(3).padStart(10);
  const text = isPlain(command) ? command : command.replaceAll('\0', String.raw`\0`).replaceAll('\n', '\0');
  return `${seq}\t:\t${(startedMs / 1000).toFixed(3)}\t${seconds}\t0\t${outputBytes}\t${exitCode}\t${signal}\t${text}\n`;
}

function isPlain(command: string): boolean {
  return !command.includes('\n') && !command.includes('\0');
}

/** What a job log says of the jobs that it has. */
export interface PastJobs {
  /** False for an empty or missing one, which is begun with its header. */
  readonly hasHeader: boolean;
  /** By number: the last command, and whether any attempt has succeeded. */
  readonly jobs: ReadonlyMap<number, PastJob>;
  /** What the log ends with and was not written to the end of its line; empty where its last line is whole. */
  readonly torn: string;
}

/** One of them. */
export interface PastJob {
  readonly succeeded: boolean;
  readonly command: string;
}

const line = /^(?<seq>\d+)\t[^\t]*\t[-0-9. ]+\t[-0-9. ]+\t-?\d+\t-?\d+\t(?<exit>-?\d+)\t(?<signal>\d+)\t(?<command>.*)$/s;

/** What follows the last end of a line: whoever wrote it was ended before its own. */
export function tornLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

/**
 * Reads a job log; the first line is its header. The error is the line that is none of a job. A last one without
 * its end is no line, however much of it is there: the command of `--retry-failed` would be run without its end.
 */
export function readJoblog(text: string): Result<PastJobs, string> {
  const jobs = new Map<number, PastJob>();
  const torn = tornLine(text);
  const lines = text.slice(0, text.length - torn.length).split('\n').slice(0, -1);
  if (lines.length === 0) return joblogHeader.startsWith(torn) ? ok({ hasHeader: false, jobs, torn }) : err(torn);
  for (const each of lines.slice(1)) {
    const { seq, exit, signal, command } = line.exec(each)?.groups ?? {};
    if (seq === undefined || command === undefined) return err(each);
    const number = Number(seq);
    const succeeded = (exit === '0' && signal === '0') || jobs.get(number)?.succeeded === true;
    jobs.set(number, { succeeded, command: command.replaceAll('\0', '\n') });
  }
  return ok({ hasHeader: true, jobs, torn });
}
