/* The lines between mpctl and a long-lived worker: tasks in, answers out. */
import { asText } from '../base/as-text.ts';
import { isRecord } from '../base/json-type.ts';
import type { Json } from '../base/json.ts';
import { describeLost } from '../base/lost-number.ts';
import { deepestJson, parseJson } from '../base/parse-json.ts';
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
  const [first] = tasks;
  return tasks.length === 1 && first !== undefined ? taskLine(first) : tasks.map(taskLine).join('\n');
}

function taskLine({ index, item }: SentTask): string {
  return `{"task":${index},"item":${JSON.stringify(item)}}`;
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
    if (this.#pendingBytes === 0 && end + 1 === chunk.length) return this.#answersOf(chunk.toString('utf8', 0, end), end);
    const whole = Buffer.concat([...this.#pending, chunk.subarray(0, end)]);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (end + 1 < chunk.length) this.#hold(chunk.subarray(end + 1));
    return this.#answersOf(whole.toString('utf8'), whole.length);
  }

  /** The last line, where it has no newline. */
  end(): readonly WorkerAnswer[] {
    if (this.#pendingBytes === 0) return [];
    const line = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return this.#answersOf(line.toString('utf8'), line.length);
  }

  /** @param textBytes how many bytes the text was read from */
  #answersOf(text: string, textBytes: number): readonly WorkerAnswer[] {
    const answers: WorkerAnswer[] = [];
    for (const line of text.includes('\n') ? text.split('\n') : [text]) {
      // Mostly each character is a byte.
      const answer = answerOf(line, 1 + (text.length === textBytes ? line.length : Buffer.byteLength(line)));
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

/** A string, as JSON has it, in which everything stands for itself. */
const plainString = /^"[^"\\\p{Cc}]*"$/u;
/** What `serve` writes of a task that was done, and most others do. */
const taskKey = '{"task":';
const resultKey = '"result":';
/** A whole number of at most 15 digits, as JSON has it: it is read as what it was written as. */
const plainNumber = /^(?:0|-?[1-9]\d{0,14})$/u;

/** @param bytes of the line, with its newline */
function answerOf(line: string, bytes: number): WorkerAnswer {
  return usualAnswer(line, bytes) ?? anyAnswer(line, bytes);
}

/**
 * The answer where it is of the usual form, without making an object of the whole line, which takes twice as long; else null. What stands behind
 * the second key is one value, if it can be read as one, and then so is the line.
 */
function usualAnswer(line: string, bytes: number): WorkerAnswer | null {
  if (!line.startsWith(taskKey) || !line.endsWith('}')) return null;
  const comma = line.indexOf(',', taskKey.length);
  if (!line.startsWith(resultKey, comma + 1)) return null;
  const number = line.slice(taskKey.length, comma);
  if (!plainNumber.test(number)) return null;
  const task = Number(number);
  const result = line.slice(comma + 1 + resultKey.length, -1);
  if (plainNumber.test(result)) return { type: 'result', task, value: Number(result), line, bytes };
  if (plainString.test(result)) return { type: 'result', task, value: result.slice(1, -1), line, bytes };
  const read = parseJson(result, deepestJson - 1);
  return read.ok ? { type: 'result', task, value: read.value, line, bytes } : null;
}

function anyAnswer(line: string, bytes: number): WorkerAnswer {
  const read = parseJson(line);
  if (!read.ok && typeof read.error !== 'string') return { type: 'stray', line, why: describeLost(read.error.lostNumber) };
  if (!read.ok || !isRecord(read.value)) return { type: 'stray', line };
  const { task, result, error, return: returned } = read.value;
  if (Array.isArray(returned) && returned.every((index) => typeof index === 'number')) return { type: 'returned', tasks: returned, line };
  if (typeof task !== 'number' || (result === undefined) === (error === undefined)) return { type: 'stray', line };
  if (result !== undefined) return { type: 'result', task, value: result, line, bytes };
  const why = asText(error ?? null);
  return { type: 'error', task, error: why === '' ? 'its worker answered with an error that says nothing' : why, line, bytes };
}
