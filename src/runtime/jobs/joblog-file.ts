import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import type { JobOptions } from '../../jobs/job-options.ts';
import { joblogHeader, joblogLine, readJoblog, tornLine, type JobRecord, type PastJobs } from '../../jobs/joblog.ts';
import { notWritableText } from '../not-writable-text.ts';
import { systemErrorCode } from '../system-error-code.ts';
import { systemErrorText } from '../system-error-text.ts';

/** A job log that is written. */
export class JoblogFile {
  readonly #descriptor: number;
  readonly #onFailure: (message: string) => void;
  readonly #name: string;
  #hasFailed = false;

  constructor(name: string, descriptor: number, onFailure: (message: string) => void) {
    this.#name = name;
    this.#descriptor = descriptor;
    this.#onFailure = onFailure;
  }

  /** One job, in one piece, so that a line is whole whatever happens to mpctl. */
  add(record: JobRecord): void {
    this.#write(joblogLine(record));
  }

  begin(): void {
    this.#write(joblogHeader);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(line: string): void {
    if (this.#hasFailed) return;
    try {
      writeSync(this.#descriptor, line, null, 'latin1');
    } catch (error) {
      this.#hasFailed = true;
      this.#onFailure(`the job log \`${this.#name}\` cannot be written: ${systemErrorText(error)}`);
    }
  }
}

/** A job log, and what an earlier run has left in it. */
export interface OpenJoblog {
  readonly past: PastJobs;
  /** Null where none is written. */
  readonly file: JoblogFile | null;
}

/** Who is told what about a job log, in sentences. */
export interface JoblogListener {
  /** Something that was to be written is lost. */
  readonly onFailure: (message: string) => void;
  readonly onRemark: (message: string) => void;
}

/** Reads what is to be resumed and opens the log for what comes; the error is a sentence. */
export function openJoblog({ joblog, resume, dryRun }: JobOptions, { onFailure, onRemark }: JoblogListener): Result<OpenJoblog, string> {
  const nothing: PastJobs = { hasHeader: false, jobs: new Map(), torn: '' };
  if (joblog === null) return ok({ past: nothing, file: null });
  const { file: name, append } = joblog;
  try {
    const text = resume === 'nothing' && !append ? '' : readIfThere(name);
    const past = resume === 'nothing' ? ok({ ...nothing, torn: isBegun(text) ? tornLine(text) : '' }) : readJoblog(text);
    if (!past.ok) return err(`\`${name}\` is no job log: \`${past.error.slice(0, 100)}\` is not the line of a job`);
    if (resume === 'commands' && !past.value.hasHeader) return err(`\`${name}\` has no jobs that could be run again`);
    const { torn } = past.value;
    if (torn !== '') onRemark(`the last line of the job log \`${name}\` was not written to its end: its job counts as not run`);
    if (dryRun) return ok({ past: past.value, file: null });
    const keeps = append || past.value.hasHeader;
    // The next line is to begin one.
    if (keeps && torn !== '') truncateSync(name, text.length - torn.length);
    const file = new JoblogFile(name, openSync(name, keeps ? 'a' : 'w', 0o666), onFailure);
    if (!keeps || text === torn) file.begin();
    return ok({ past: past.value, file });
  } catch (error) {
    return err(`the job log \`${name}\` cannot be opened: ${notWritableText(name, error)}`);
  }
}

/** What is not a job log stays as it is, and is added to all the same, as by GNU parallel. */
function isBegun(text: string): boolean {
  return text.startsWith(joblogHeader) || joblogHeader.startsWith(text);
}

/** As a binary string. */
function readIfThere(name: string): string {
  try {
    return readFileSync(name, 'latin1');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
