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
  const text = command.replaceAll('\0', String.raw`\0`).replaceAll('\n', '\0');
  return `${[seq, ':', (startedMs / 1000).toFixed(3), seconds, 0, outputBytes, exitCode, signal, text].join('\t')}\n`;
}

/** What a job log says of the jobs that it has. */
export interface PastJobs {
  /** False for an empty or missing one, which is begun with its header. */
  readonly hasHeader: boolean;
  /** By number: the last command, and whether any attempt has succeeded. */
  readonly jobs: ReadonlyMap<number, PastJob>;
}

/** One of them. */
export interface PastJob {
  readonly succeeded: boolean;
  readonly command: string;
}

const line = /^(?<seq>\d+)\t[^\t]*\t[-0-9. ]+\t[-0-9. ]+\t-?\d+\t-?\d+\t(?<exit>-?\d+)\t(?<signal>\d+)\t(?<command>.*)$/s;

/** Reads a job log; the first line is its header. The error is the line that is none of a job. */
export function readJoblog(text: string): Result<PastJobs, string> {
  const jobs = new Map<number, PastJob>();
  if (text === '') return ok({ hasHeader: false, jobs });
  const lines = text.split('\n');
  // Behind the last end of a line there is nothing.
  if (lines.at(-1) === '') lines.pop();
  for (const each of lines.slice(1)) {
    const { seq, exit, signal, command } = line.exec(each)?.groups ?? {};
    if (seq === undefined || command === undefined) return err(each);
    const number = Number(seq);
    const succeeded = (exit === '0' && signal === '0') || jobs.get(number)?.succeeded === true;
    jobs.set(number, { succeeded, command: command.replaceAll('\0', '\n') });
  }
  return ok({ hasHeader: true, jobs });
}
