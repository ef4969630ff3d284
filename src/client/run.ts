import { listOf } from './answer.ts';
import { Barrier } from './barrier.ts';
import { Condition } from './condition.ts';
import type { Connection } from './connection.ts';
import { Event } from './event.ts';
import { HolderNames } from './holder-names.ts';
import { Lock } from './lock.ts';
import { OwnLock } from './own-lock.ts';
import { Pipe } from './pipe.ts';
import { Pool } from './pool.ts';
import { Process } from './process.ts';
import { readProcessState, type ProcessState } from './process-state.ts';
import { Queue } from './queue.ts';
import { QueueEnds } from './queue-ends.ts';
import { Semaphore } from './semaphore.ts';
import { Thread } from './thread.ts';
import { Value } from './value.ts';

/** What the handles of one connection share. */
interface Shared {
  readonly connection: Connection;
  /** Differs between the connections of one process. */
  readonly prefix: string;
  readonly holderNames: HolderNames;
  readonly locks: Map<string, OwnLock>;
  readonly queues: Map<string, QueueEnds>;
}

/**
 * The run that this program is a worker of. Things are named as in the spec, and asking for a handle
 * asks nothing of the run.
 */
export class Run implements AsyncDisposable {
  readonly #shared: Shared;
  readonly #thread: Thread;
  /** null where this is one thread, which holds what it acquires. */
  readonly #holderNames: HolderNames | null;

  constructor(shared: Shared, threadName: string | null) {
    this.#shared = shared;
    this.#thread = new Thread(shared.connection, threadName === null ? shared.prefix : `${shared.prefix}:${threadName}`);
    this.#holderNames = threadName === null ? shared.holderNames : null;
  }

  /** The run as seen over this connection. */
  static over(connection: Connection): Run {
    const prefix = Math.floor(Math.random() * 0x7f_ff_ff_ff).toString(36);
    return new Run({ connection, prefix, holderNames: new HolderNames(prefix), locks: new Map(), queues: new Map() }, null);
  }

  /**
   * The same run as one thread sees it: what is acquired through it is held by that name, so that a
   * reentrant lock can be entered again, and waiting for itself is refused as `Deadlock`.
   */
  thread(name: string): Run {
    return new Run(this.#shared, encodeURIComponent(name));
  }

  /**
   * A lock, or several that are taken at once. Every `acquire` is a holder of its own, so that two
   * asynchronous tasks of this program exclude each other; see `rlock` and `thread` for one that is not.
   */
  lock(...names: readonly [string, ...string[]]): Lock {
    return new Lock(this.#thread, this.#holderNames, names, names.length === 1 && this.#holderNames !== null ? this.#ownLock(names[0]) : null);
  }

  /** A reentrant lock: whoever holds it by this handle, or another one of the same thread, may enter it again. */
  rlock(...names: readonly [string, ...string[]]): Lock {
    return new Lock(this.#thread, null, names, null);
  }

  semaphore(name: string): Semaphore {
    return new Semaphore(this.#thread, this.#holderNames, name);
  }

  event(name: string): Event {
    return new Event(this.#thread, name);
  }

  barrier(name: string): Barrier {
    return new Barrier(this.#thread, name);
  }

  condition(name: string): Condition {
    return new Condition(this.#thread, name);
  }

  queue(name: string): Queue {
    const { queues } = this.#shared;
    const ends = queues.get(name) ?? new QueueEnds();
    queues.set(name, ends);
    return new Queue(this.#thread, name, ends);
  }

  pipe(name: string): Pipe {
    return new Pipe(this.#thread, name);
  }

  value(name: string): Value {
    return new Value(this.#thread, name);
  }

  pool(name: string): Pool {
    return new Pool(this.#thread, name);
  }

  process(name: string): Process {
    return new Process(this.#thread, name);
  }

  /** Every instance of every process of the run. */
  async processes(): Promise<readonly ProcessState[]> {
    return listOf(await this.#thread.ask('process.list', {})).map(readProcessState);
  }

  /** Says that this instance is ready, where its spec has `readiness_probe: {notify: true}`. */
  async ready(): Promise<void> {
    await this.#thread.ask('run.ready', {});
  }

  /** Asks for the end of the whole run, with this exit code. */
  async shutdown(code = 0): Promise<void> {
    await this.#thread.ask('run.shutdown', { code });
  }

  /**
   * Ends the connection, which releases all that was acquired over it.
   *
   * @throws MpctlError where something that was put into a queue was refused, and nothing told it before.
   */
  async close(): Promise<void> {
    const settled = await Promise.allSettled([...this.#shared.queues.values()].map(async (ends) => ends.puts?.settle()));
    await this.#shared.connection.close();
    for (const lock of this.#shared.locks.values()) lock.close();
    for (const put of settled) if (put.status === 'rejected') throw put.reason;
  }

  #ownLock(name: string): OwnLock {
    const { locks, holderNames } = this.#shared;
    const own = locks.get(name) ?? new OwnLock(this.#thread, holderNames, name);
    locks.set(name, own);
    return own;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
