/* Where the streams of the processes of a run come from and go to: its logs, its files and its pipes. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ok, type Result } from '../base/result.ts';
import type { InputTarget, OutputTarget as OrderedOutput, SpawnOrder } from '../engine/effect.ts';
import type { LogPlan, Plan } from '../plan/plan.ts';
import { notWritableText } from './not-writable-text.ts';
import { openToWrite } from './processes/named-pipe.ts';
import type { OutputTarget, StdinSource } from './processes/spawn-request.ts';
import type { LogTrouble, LogWriter } from './run-folder/log-writer.ts';
import type { RunFolder } from './run-folder/run-folder.ts';
import type { PipeRefusal, StdioPipes } from './stdio-pipes.ts';

/** Rotation of the logs of pools, whose slots have no `log` of their own. */
const defaultLogLimits = { maxSizeBytes: 50 * 1024 * 1024, keep: 10 };

/** Of a character in UTF-8: by so much less than its bound a piece of a line may be cut. */
const longestCharacterBytes = 4;

/** What the streams of a run need. */
export interface StreamsOptions {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly pipes: StdioPipes;
  /** Most that an item of a queue may have. */
  readonly maxItemBytes: number;
  /** A log cannot be written, or can be again. */
  readonly onTrouble: (trouble: LogTrouble, instance: string) => void;
}

/** Finds and opens what an order names. A file is emptied by the first that writes to it in the run. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #logs = new Map<string, LogWriter>();
  /** Those of the instances; slots of pools have none of their own. */
  readonly #logPlans: ReadonlyMap<string, LogPlan>;
  readonly #openedFiles = new Set<string>();

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#logPlans = new Map(options.plan.instances.map(({ name, log }) => [name, log]));
  }

  inputOf(target: InputTarget, order: SpawnOrder): Result<StdinSource, PipeRefusal> {
    switch (target.type) {
      case 'file':
        return ok({ type: 'file', file: resolve(order.workingDir, target.file) });
      case 'tasks':
        return ok({ type: 'lines' });
      case 'pipe': {
        const fd = this.#options.pipes.inputFd(target.pipe, order.instance);
        return fd.ok ? ok({ type: 'fd', fd: fd.value }) : fd;
      }
      default:
        return ok(target);
    }
  }

  /** `collects`: a copy of it is kept although it goes to the log. */
  outputOf(target: OrderedOutput, order: SpawnOrder, collects: boolean): Result<OutputTarget, PipeRefusal> {
    switch (target.type) {
      case 'log': {
        const file = this.#logPlans.get(order.instance)?.direct === true ? this.#madeLog(order.instance) : null;
        if (file !== null) return ok({ type: 'file', file, append: true });
        return ok(collects ? { type: 'capture', lines: true } : { type: 'lines' });
      }
      case 'null':
        return ok(collects ? { type: 'capture' } : target);
      case 'answers':
        return ok({ type: 'bytes' });
      case 'capture':
        return ok({ type: 'capture' });
      case 'lines':
        // Each line is an item, which is never cut: of a line that is too long a piece comes that is too long as well.
        return ok({ type: 'lines', maxLineBytes: this.#options.maxItemBytes + longestCharacterBytes });
      case 'file': {
        const file = resolve(order.workingDir, target.file);
        const append = this.#openedFiles.has(file);
        this.#openedFiles.add(file);
        return ok({ type: 'file', file, append });
      }
      case 'pipe': {
        const fd = this.#options.pipes.outputFd(target.pipe, order.instance);
        return fd.ok ? ok({ type: 'fd', fd: fd.value }) : fd;
      }
      default:
        return ok(target);
    }
  }

  /** The log of an instance, the same one for all of its attempts. */
  logOf(instance: string): LogWriter {
    const open = this.#logs.get(instance);
    if (open !== undefined) return open;
    const { folder, onTrouble } = this.#options;
    const limits = this.#logPlans.get(instance) ?? defaultLogLimits;
    const log = folder.openLog(instance, limits, (trouble) => onTrouble(trouble, instance));
    this.#logs.set(instance, log);
    return log;
  }

  /** The log file that a process is to write itself; null where it cannot be written, for mpctl to read the process, and to tell that and try again. */
  #madeLog(instance: string): string | null {
    const file = this.#options.folder.logFile(instance);
    try {
      closeSync(openSync(file, 'a', 0o600));
      return file;
    } catch {
      return null;
    }
  }

  /** Adds a line to a file; null where it is in it, and otherwise why not. */
  addLine(path: string, text: string): string | null {
    try {
      const fd = openToWrite(path, this.#openedFiles.has(path) ? 'a' : 'w');
      try {
        writeFileSync(fd, `${text}\n`);
      } finally {
        closeSync(fd);
      }
      this.#openedFiles.add(path);
      return null;
    } catch (error) {
      return `\`${path}\` cannot be written: ${notWritableText(path, error)} [MP844]`;
    }
  }

  /** The instance has ended for good. */
  closeLog(instance: string): void {
    this.#logs.get(instance)?.close();
  }

  /** Closes every log. */
  close(): void {
    for (const log of this.#logs.values()) log.close();
  }
}
