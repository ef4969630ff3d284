/* The lines between mpctl and a long-lived worker: tasks in, answers out. */
import { asText } from '../base/as-text.ts';
import { isRecord } from '../base/json-type.ts';
import type { Json } from '../base/json.ts';
import { describeLost } from '../base/lost-number.ts';
import { parseJson } from '../base/parse-json.ts';
import type { WorkerAnswer } from '../engine/engine-event.ts';

const newline = 0x0a;

/** No answer may have more bytes: 64 MiB, as much as is kept of any output. */
const longestLineBytes = 64 * 1024 * 1024;
/** So much of a line that is too long is shown. */
const shownBytes = 200;

/** A task that a worker is handed. */
export interface SentTask {
  readonly index: number;
  readonly item: Json;
}

/** A line for each task, without the last newline. */
export function taskLines(tasks: readonly SentTask[]): string {
  return tasks.map(({ index, item }) => `{"task":${index},"item":${JSON.stringify(item)}}`).join('\n');
}

/**
 * Makes answers of what a worker writes, up to the first line that is none: for that it is replaced, so that no other
 * one counts. To find out of each of a flood of such lines that it is no JSON would keep mpctl busy for seconds.
 */
export class AnswerReader {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isOver = false;

  /** The lines that a chunk completes. */
  read(chunk: Buffer): readonly WorkerAnswer[] {
    if (this.#isOver) return [];
    const end = chunk.lastIndexOf(newline);
    if (end < 0) return this.#hold(chunk);
    const head = chunk.subarray(0, end);
    const whole = this.#pendingBytes === 0 ? head : Buffer.concat([...this.#pending, head]);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (end + 1 < chunk.length) this.#hold(chunk.subarray(end + 1));
    return this.#answersOf(whole.toString('utf8').split('\n'));
  }

  /** The last line, where it has no newline. */
  end(): readonly WorkerAnswer[] {
    if (this.#pendingBytes === 0) return [];
    const line = Buffer.concat(this.#pending).toString('utf8');
    this.#pending = [];
    this.#pendingBytes = 0;
    return this.#answersOf([line]);
  }

  #answersOf(lines: readonly string[]): readonly WorkerAnswer[] {
    const answers: WorkerAnswer[] = [];
    for (const line of lines) {
      const answer = answerOf(line);
      answers.push(answer);
      if (answer.type === 'stray') return this.#endWith(answers);
    }
    return answers;
  }

  #endWith(answers: readonly WorkerAnswer[]): readonly WorkerAnswer[] {
    this.#isOver = true;
    this.#pending = [];
    this.#pendingBytes = 0;
    return answers;
  }

  /** A copy, since the chunk is somebody else's. */
  #hold(bytes: Buffer): readonly WorkerAnswer[] {
    this.#pending.push(Buffer.from(bytes));
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes <= longestLineBytes) return [];
    const line = Buffer.concat(this.#pending).toString('utf8', 0, shownBytes);
    return this.#endWith([{ type: 'too_long', line: `${line}…`, mostBytes: longestLineBytes }]);
  }
}

function answerOf(line: string): WorkerAnswer {
  const read = parseJson(line);
  if (!read.ok && typeof read.error !== 'string') return { type: 'stray', line, why: describeLost(read.error.lostNumber) };
  if (!read.ok || !isRecord(read.value)) return { type: 'stray', line };
  const { task, result, error, return: returned } = read.value;
  if (Array.isArray(returned) && returned.every((index) => typeof index === 'number')) return { type: 'returned', tasks: returned, line };
  if (typeof task !== 'number' || (result === undefined) === (error === undefined)) return { type: 'stray', line };
  const bytes = Buffer.byteLength(line) + 1;
  if (result !== undefined) return { type: 'result', task, value: result, line, bytes };
  const why = asText(error ?? null);
  return { type: 'error', task, error: why === '' ? 'its worker answered with an error that says nothing' : why, line, bytes };
}
