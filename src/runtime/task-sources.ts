import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Json } from '../base/json.ts';
import { parseJson } from '../base/parse-json.ts';
import type { Effect } from '../engine/effect.ts';
import type { EngineEvent } from '../engine/engine-event.ts';

type Source = Extract<Effect, { type: 'read_tasks' }>['source'];
type Items = AsyncIterator<Json, undefined>;

/** The tasks that pools read from files, from standard input and from the names of files. */
export class TaskSources {
  readonly #post: (event: EngineEvent) => void;
  readonly #open = new Map<string, Items>();

  constructor(post: (event: EngineEvent) => void) {
    this.#post = post;
  }

  /** Reads at most `count` more items of a pool; they come as one `tasks` event. */
  read(pool: string, source: Source, workingDir: string, count: number): void {
    let items = this.#open.get(pool);
    if (items === undefined) {
      items = itemsOf(source, workingDir);
      this.#open.set(pool, items);
    }
    void this.#take(pool, items, count);
  }

  /** Reads no more. */
  close(): void {
    for (const items of this.#open.values()) void items.return?.();
    this.#open.clear();
  }

  async #take(pool: string, items: Items, count: number): Promise<void> {
    const taken: Json[] = [];
    try {
      while (taken.length < count) {
        const next = await items.next();
        if (next.done === true) {
          this.#answer(pool, taken, true, null);
          return;
        }
        taken.push(next.value);
      }
      this.#answer(pool, taken, false, null);
    } catch (error) {
      this.#answer(pool, taken, true, `its tasks cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #answer(pool: string, items: readonly Json[], ended: boolean, failure: string | null): void {
    if (this.#open.has(pool)) this.#post({ type: 'tasks', pool, items, ended, failure });
  }
}

function itemsOf(source: Source, workingDir: string): Items {
  switch (source.type) {
    case 'lines':
      return readLines(createReadStream(resolve(workingDir, source.file)), source.format);
    case 'stdin':
      return readLines(process.stdin, source.format);
    case 'glob':
      return findFiles(source.pattern, workingDir);
  }
}

async function* readLines(stream: Readable, format: 'text' | 'json'): AsyncGenerator<Json, undefined> {
  const failure = new Promise<never>((_, reject) => {
    stream.once('error', reject);
  });
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  let number = 0;
  for (;;) {
    const line = await Promise.race([lines.next(), failure]);
    if (line.done === true) return undefined;
    number += 1;
    yield format === 'text' ? line.value : parseLine(line.value, number);
  }
}

function parseLine(text: string, number: number): Json {
  const item = parseJson(text);
  if (item.ok) return item.value;
  throw new Error(`line ${number} is not JSON`);
}

async function* findFiles(pattern: string, workingDir: string): AsyncGenerator<Json, undefined> {
  const { glob } = await import('tinyglobby');
  const found = await glob([pattern], { cwd: workingDir, dot: false, expandDirectories: false });
  for (const path of found.toSorted()) yield path;
  return undefined;
}
