import { Worker } from 'node:worker_threads';
import { signalGroup } from './process-table.ts';
import { spawnThreadScript } from './spawn-thread-script.ts';
import type { WorkerExit } from './worker-exit.ts';

/** What one start needs; `stdio` names no pipe of Node, which could not leave its thread. */
export interface ThreadSpawn {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: readonly (number | 'ignore' | 'inherit')[];
}

/** Hears `failed` alone, or `started` and later `exited`. */
export interface ThreadSpawnListener {
  readonly started: (pid: number) => void;
  /** With the error of `child_process.spawn`. */
  readonly failed: (error: unknown) => void;
  readonly exited: (exit: WorkerExit) => void;
}

type Answer = { readonly id: number } & (
  | { readonly pid: number }
  | { readonly exit: WorkerExit }
  | { readonly error: { readonly code: unknown; readonly message: string } }
);

interface Underway {
  readonly listener: ThreadSpawnListener;
  pid: number | null;
}

/**
 * Starts processes beside the event loop. A start blocks its thread until the new process has loaded its
 * program, two to three milliseconds in which mpctl would hear neither output nor Ctrl-C; a run that
 * starts many spends most of its time there.
 */
export class SpawnThread {
  readonly #worker: Worker;
  readonly #underway = new Map<number, Underway>();
  #nextId = 1;
  #usable = false;

  constructor() {
    // It makes little garbage, and each megabyte of it makes every start dearer: fork copies its tables.
    this.#worker = new Worker(spawnThreadScript, {
      eval: true,
      name: 'mpctl-spawn',
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
    });
    this.#worker.unref();
    this.#worker.once('online', () => {
      this.#usable = true;
    });
    this.#worker.on('message', (answer: Answer) => this.#answered(answer));
    this.#worker.on('error', ({ message }) => this.#lost(message));
    this.#worker.on('exit', () => this.#lost('the thread that starts processes has ended'));
  }

  /** False until the thread is up, and after it has failed: processes are then started without it. */
  get usable(): boolean {
    return this.#usable;
  }

  spawn({ file, args, cwd, env, stdio }: ThreadSpawn, listener: ThreadSpawnListener): void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#underway.set(id, { listener, pid: null });
    this.#worker.postMessage({ id, file, args, options: { cwd, env, stdio, detached: true } }, []);
  }

  /** To be called when every process that it has started has ended. */
  close(): void {
    this.#usable = false;
    this.#underway.clear();
    void this.#worker.terminate();
  }

  #answered(answer: Answer): void {
    const underway = this.#underway.get(answer.id);
    if (underway === undefined) return;
    const { listener } = underway;
    if ('pid' in answer) {
      underway.pid = answer.pid;
      listener.started(answer.pid);
      return;
    }
    this.#underway.delete(answer.id);
    if ('exit' in answer) listener.exited(answer.exit);
    else listener.failed(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  }

  /** What was being started is tried again without it; nobody would hear the end of what runs. */
  #lost(reason: string): void {
    this.#usable = false;
    const underway = [...this.#underway.values()];
    this.#underway.clear();
    for (const { listener, pid } of underway) {
      if (pid === null) {
        listener.failed(Object.assign(new Error(reason), { code: 'EAGAIN' }));
      } else {
        signalGroup(pid, 'SIGKILL');
        listener.exited({ code: null, signal: 'SIGKILL' });
      }
    }
  }
}
