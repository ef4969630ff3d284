import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Json } from '../base/json.ts';
import { describeLost } from '../base/lost-number.ts';
import { parseJson } from '../base/parse-json.ts';
import type { Effect } from '../engine/effect.ts';
import type { EngineEvent, UnreadTasks } from '../engine/engine-event.ts';
import { decodeBytes } from './escaped-bytes.ts';
import { explainUnreadTasks } from './unread-tasks.ts';

const newline = 0x0a;
/** Some editors begin a file with it. */
const byteOrderMark = '\uFEFF';

type Source = Extract<Effect, { type: 'read_tasks' }>['source'];
type Items = AsyncIterator<Json, undefined>;

/** A source that has been opened. */
interface OpenSource {
  readonly items: Items;
  /** For messages. */
  readonly called: string;
  /** Of the pool that reads it. */
  life: number;
  /** Asked for and not answered yet. */
  next: Promise<IteratorResult<Json, undefined>> | null;
}

/** The tasks that pools read from files, from standard input and from the names of files. */
export class TaskSources {
  readonly #post: (event: EngineEvent) => void;
  readonly #open = new Map<string, OpenSource>();

  constructor(post: (event: EngineEvent) => void) {
    this.#post = post;
  }

  /**
   * Reads at most `count` more items of a pool; they come as one `tasks` event. In another life of the
   * pool files and names are read from their beginning, and what standard input has not given yet.
   */
  read({ pool, life, source, workingDir, count }: Extract<Effect, { type: 'read_tasks' }>): void {
    let open = this.#open.get(pool);
    if (open !== undefined && open.life !== life && source.type !== 'stdin') {
      void open.items.return?.();
      open = undefined;
    }
    if (open === undefined) {
      open = { items: itemsOf(source, workingDir), called: nameOf(source), life, next: null };
      this.#open.set(pool, open);
    }
    open.life = life;
    void this.#take(pool, open, count);
  }

  /** Reads no more. */
  close(): void {
    for (const { items } of this.#open.values()) void items.return?.();
    this.#open.clear();
  }

  /** Waits for the first item; more are taken only while they come at once, so that nobody waits for a full hand. */
  async #take(pool: string, source: OpenSource, count: number): Promise<void> {
    const { life } = source;
    const taken: Json[] = [];
    const answer = (ended: boolean, failure: UnreadTasks | null): void => {
      if (this.#open.has(pool)) this.#post({ type: 'tasks', pool, life, items: taken, ended, failure });
    };
    try {
      while (taken.length < count) {
        source.next ??= source.items.next();
        const next = taken.length === 0 ? await source.next : await Promise.race([source.next, turn()]);
        // Another life of the pool reads on, and what has come is for that one.
        if (source.life !== life) return;
        if (next === null) break;
        source.next = null;
        if (next.done === true) {
          answer(true, null);
          return;
        }
        taken.push(next.value);
      }
      answer(false, null);
    } catch (error) {
      answer(true, explainUnreadTasks(error, source.called));
    }
  }
}

function nameOf(source: Source): string {
  switch (source.type) {
    case 'lines':
      return `\`${source.file}\``;
    case 'stdin':
      return 'standard input';
    case 'glob':
      return `\`${source.pattern}\``;
  }
}

function itemsOf(source: Source, workingDir: string): Items {
  switch (source.type) {
    case 'lines':
      return readLines(createReadStream(resolve(workingDir, source.file)), source.format, nameOf(source));
    case 'stdin':
      return readLines(process.stdin, source.format, nameOf(source));
    case 'glob':
      return findFiles(source.pattern, workingDir);
  }
}

/** One turn of the event loop, in which what is there already is delivered. */
function turn(): Promise<null> {
  return new Promise((over) => {
    setImmediate(() => over(null));
  });
}

async function* readLines(stream: Readable, format: 'text' | 'json', called: string): AsyncGenerator<Json, undefined> {
  let pending: Uint8Array[] = [];
  let number = 0;
  const itemOf = (line: string): Json => {
    number += 1;
    const text = number === 1 && line.startsWith(byteOrderMark) ? line.slice(1) : line;
    return format === 'text' ? text : parseLine(text, number, called);
  };
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      const lines = decodeBytes(Buffer.concat([...pending, chunk.subarray(0, end)])).split(/\r?\n/u);
      pending = [];
      // Behind the last newline there is nothing yet.
      lines.pop();
      for (const line of lines) yield itemOf(line);
    }
    if (end < chunk.length) pending.push(chunk.subarray(end));
  }
  if (pending.length > 0) yield itemOf(decodeBytes(Buffer.concat(pending)));
  return undefined;
}

function parseLine(text: string, number: number, called: string): Json {
  const item = parseJson(text);
  if (item.ok) return item.value;
  throw new Error(typeof item.error === 'string' ? `line ${number} of ${called} is not JSON` : `in line ${number} of ${called}, ${describeLost(item.error.lostNumber)}`);
}

async function* findFiles(pattern: string, workingDir: string): AsyncGenerator<Json, undefined> {
  const { glob } = await import('tinyglobby');
  const found = await glob([pattern], { cwd: workingDir, dot: false, expandDirectories: false });
  for (const path of found.toSorted()) yield path;
  return undefined;
}
