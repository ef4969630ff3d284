import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';
import { fieldOf } from './field-of.ts';
import { GivenTasks } from './given-tasks.ts';
import { toJson } from './to-json.ts';

/**
 * Makes this program the `worker` of a pool: calls the function with the item of each task, one after the
 * other, and answers with what it returns, resolves to or throws. Resolves when the pool has no more tasks.
 * What is printed meanwhile goes to standard error, since standard output is for the answers.
 */
export async function serve(work: (item: Json) => unknown): Promise<void> {
  const given = new GivenTasks(process.stdin, process.stdout.write.bind(process.stdout));
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (let request = await given.take(); request !== null; request = await given.take()) {
    // Each answer goes before the next task is begun: nobody knows how long that takes.
    given.write(await answerTo(request, work));
  }
}

async function answerTo(line: string, work: (item: Json) => unknown): Promise<string> {
  const read = parseJson(line, Number.POSITIVE_INFINITY);
  const request = read.ok ? read.value : null;
  const task = toJson(fieldOf(request, 'task') ?? null);
  try {
    const result = await work(fieldOf(request, 'item') ?? null);
    return `{"task":${task},"result":${toJson(result ?? null)}}\n`;
  } catch (error) {
    const isError = error instanceof Error;
    process.stderr.write(`${isError ? (error.stack ?? error.message) : String(error)}\n`);
    return `{"task":${task},"error":${JSON.stringify(String(error))}}\n`;
  }
}
