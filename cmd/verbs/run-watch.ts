import { watch, type FSWatcher } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { streamPath } from '../../src/protocol/message.ts';
import { readOperatorKey } from '../../src/runtime/door/operator-key.ts';
import { processIsAlive } from '../../src/runtime/processes/process-table.ts';
import { readRunRecord, recordName, type FoundRun } from '../../src/runtime/run-folder/run-record.ts';

/** Between the end of its door and its own, a run writes its last lines: so often it is looked whether it is over, in ms. */
const lookEveryMs = 50;

/**
 * Tells which files of a run have changed, and when the run is over: it has noted its end, or its mpctl
 * was killed, which the end of its door tells.
 */
export class RunWatch {
  readonly #run: FoundRun;
  readonly #watcher: FSWatcher;
  readonly #door: Socket | null;
  #changed = new Set<string>();
  #isOver = false;
  #looking: NodeJS.Timeout | null = null;
  #wake: () => void = () => {};

  /** @throws the error of the system where nothing more can be watched. */
  constructor(run: FoundRun) {
    this.#run = run;
    this.#watcher = watch(run.folder, (_, file) => {
      if (file === recordName) this.#look();
      else if (file !== null) this.#note(file);
    });
    // Somebody has removed the folder: nothing more comes.
    this.#watcher.on('error', () => this.#end());
    this.#door = this.#enter();
    if (this.#door === null) this.#lookOften();
    this.#look();
  }

  /** Whether nothing more will be written. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The names of the files that have changed since this was last asked. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Resolves when something has changed, or the run is over. */
  async next(): Promise<void> {
    if (this.#changed.size > 0 || this.#isOver) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    // The end of the connection is no news any more.
    this.#isOver = true;
    this.#watcher.close();
    this.#door?.destroy();
    if (this.#looking !== null) clearInterval(this.#looking);
  }

  /** A stream that asks for nothing; it is closed with the door. */
  #enter(): Socket | null {
    const key = readOperatorKey(this.#run.folder);
    if (key === null) return null;
    const head = [`GET ${streamPath} HTTP/1.1`, 'Host: mpctl', 'Connection: Upgrade', 'Upgrade: mpctl', `Authorization: Bearer ${key.key}`, `Mpctl-Pid: ${process.pid}`];
    const socket = createConnection(key.socket);
    socket.on('error', () => {}).on('close', () => this.#lookOften());
    socket.resume().write(`${head.join('\r\n')}\r\n\r\n`);
    return socket;
  }

  #lookOften(): void {
    this.#look();
    if (!this.#isOver) this.#looking ??= setInterval(() => this.#look(), lookEveryMs);
  }

  #look(): void {
    const record = readRunRecord(this.#run.folder);
    if (record === null || record.end !== null || !processIsAlive(record.pid, record.startTime)) this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#wake();
  }

  #note(file: string): void {
    this.#changed.add(file);
    this.#wake();
  }
}
