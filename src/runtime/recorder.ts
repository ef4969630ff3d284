import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Effect, TaskRecord } from '../engine/effect.ts';
import { taskResult } from '../engine/task-result.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import { systemErrorText } from './system-error-text.ts';

const joblogHead = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';

/** Writes the results of pools: JSON Lines, and job logs with GNU parallel's columns. */
export class Recorder {
  readonly #report: (body: RunEventBody) => void;
  readonly #beganAtMs: number;
  readonly #open = new Map<string, number | null>();

  /** @param beganAtMs when the run began, in ms since 1970: the times of records count from it */
  constructor(report: (body: RunEventBody) => void, beganAtMs: number) {
    this.#report = report;
    this.#beganAtMs = beganAtMs;
  }

  /** Appends one task to the files that want it; a file is emptied when the run first writes to it. */
  record(effect: Extract<Effect, { type: 'record_task' }>): void {
    const { record, workingDir, pool } = effect;
    if (effect.resultsFile !== null) {
      this.#append(resolve(workingDir, effect.resultsFile), '', `${JSON.stringify(taskResult(record))}\n`, pool);
    }
    if (effect.joblog !== null) {
      this.#append(resolve(workingDir, effect.joblog), joblogHead, joblogLine(record, this.#beganAtMs), pool);
    }
  }

  /** Closes every file. */
  close(): void {
    for (const fd of this.#open.values()) if (fd !== null) closeSync(fd);
    this.#open.clear();
  }

  #append(path: string, head: string, text: string, pool: string): void {
    try {
      let fd = this.#open.get(path);
      if (fd === null) return;
      if (fd === undefined) {
        fd = openSync(path, 'w');
        this.#open.set(path, fd);
        if (head !== '') writeSync(fd, head);
      }
      writeSync(fd, text);
    } catch (error) {
      this.#open.set(path, null);
      const message = `the results of \`${pool}\` cannot be written to \`${path}\`: ${systemErrorText(error)}`;
      this.#report({ type: 'warning', code: 'MP844', message, instance: pool });
    }
  }
}

function joblogLine(record: TaskRecord, beganAtMs: number): string {
  const started = record.startedMs === null ? 0 : (beganAtMs + record.startedMs) / 1000;
  const exitval = record.exitcode !== null && record.exitcode >= 0 ? record.exitcode : 0;
  const signal = record.exitcode !== null && record.exitcode < 0 ? -record.exitcode : 0;
  const received = typeof record.value === 'string' ? Buffer.byteLength(record.value) : 0;
  const columns = [
    record.task + 1,
    ':',
    started.toFixed(3),
    (record.durationMs / 1000).toFixed(3),
    0,
    received,
    exitval,
    signal,
    record.command.replaceAll(/[\t\n]/g, ' '),
  ];
  return `${columns.join('\t')}\n`;
}
