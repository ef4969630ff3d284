import { join } from 'node:path';
import { FifoPool } from '../processes/fifo-pool.ts';
import type { Guardian } from '../processes/guardian.ts';
import { Slots } from '../processes/slots.ts';
import type { OutputTarget } from '../processes/spawn-request.ts';
import type { WorkerExit } from '../processes/spawn-listener.ts';
import { decodedWord } from './byte-words.ts';
import { mostOfStreamBytes, type JobStream, type JobStreams } from './job-streams.ts';
import { jobExitOf, startJob, type JobListener } from './start-job.ts';

/** So many jobs of each slot are started by mpctl itself: for a few a shell of their own costs more than it brings. */
const startsBefore = 2;

/** What all jobs have in common. */
interface JobStarterOptions {
  /** Absolute. */
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; there. */
  readonly folder: string;
  readonly slots: number;
  readonly guardian: Guardian;
  /** What jobs have open from descriptor 3 on. */
  readonly descriptors: readonly ('ignore' | number)[];
}

/** A job that is to be started. */
export interface StartOrder {
  /** Binary strings. */
  readonly argv: readonly string[];
  /** From 1. */
  readonly seq: number;
  readonly slot: number;
  readonly streams: JobStreams;
}

type Variables = readonly (readonly [name: string, value: string])[];

/** What is needed once there are many jobs. */
interface Shells {
  readonly fifos: FifoPool;
  readonly slots: Slots;
}

/**
 * The one place that starts jobs: the first ones by itself, and as soon as there are many of them through the
 * long-lived shell of their slot, where that can pass them on as they are.
 */
export class JobStarter {
  readonly #options: JobStarterOptions;
  #started = 0;
  /** Slots whose last job has written much, as the next one may. */
  readonly #longWriters = new Set<number>();
  /** Variables that are the same for every job of a slot. */
  readonly #ofSlots = new Map<number, Variables>();
  #shells: Shells | null = null;

  constructor(options: JobStarterOptions) {
    this.#options = options;
  }

  /** Starts it with an empty input. */
  start(order: StartOrder, listener: JobListener): void {
    this.#started += 1;
    if (this.#started <= this.#options.slots * startsBefore || !this.#startInShell(order, listener)) this.#startItself(order, listener);
  }

  #startItself(order: StartOrder, listener: JobListener): void {
    const { guardian, environment, workingDir, descriptors } = this.#options;
    startJob(
      { argv: order.argv, streams: order.streams, workingDir, descriptors, environment: { ...environment, ...Object.fromEntries(this.#variablesOf(order)) } },
      {
        onStart: (group) => {
          guardian.watch(group.pid);
          listener.onStart({ ...group, onGone: () => guardian.unwatch(group.pid) });
        },
        onEnd: listener.onEnd,
      },
    );
  }

  /** Resolves when no shell is left. */
  async closed(): Promise<void> {
    await this.#shells?.slots.closed();
    await this.#shells?.fifos.close();
  }

  #startInShell(order: StartOrder, listener: JobListener): boolean {
    const { argv, slot, streams } = order;
    const variables = this.#variablesOf(order);
    const { onStart, onEnd } = listener;
    const { environment, workingDir } = this.#options;
    const writesMuch = this.#longWriters.has(slot);
    const targetOf = (stream: JobStream): OutputTarget => (writesMuch ? { type: 'file', file: stream.ownFile(), append: true } : { type: 'bytes' });
    let exit: WorkerExit = { code: null, signal: null };
    const handle = this.#openShells().slots.run(
      {
        request: {
          instance: String(slot),
          argv: argv.map(decodedWord),
          cwd: workingDir,
          stdout: targetOf(streams.stdout),
          stderr: targetOf(streams.stderr),
          log: null,
          maxLineBytes: 0,
        },
        overlay: variables,
        environment: () => ({ ...environment, ...Object.fromEntries(variables) }),
      },
      {
        notStarted: () => this.#startItself(order, listener),
        line: () => {},
        bytes: (chunk, stream) => streams[stream].add(chunk),
        exited: (heard) => {
          exit = heard;
        },
        drained: () => {},
        endTold: () => {
          // Whatever follows is of those whom it has left behind.
          handle?.release();
          if (streams.stdout.size() > mostOfStreamBytes) this.#longWriters.add(slot);
          else if (writesMuch) this.#longWriters.delete(slot);
          onEnd(jobExitOf(exit.code, exit.signal));
        },
      },
    );
    const pid = handle?.pid ?? null;
    if (handle === null || pid === null) return false;
    let hasLeft = false;
    onStart({
      pid,
      signal: (signal) => handle.signalGroup(signal),
      isAlive: () => {
        const isAlive = handle.groupIsAlive();
        hasLeft ||= isAlive;
        return isAlive;
      },
      // Of a shell that has left nobody behind the slots tell themselves.
      onGone: () => {
        if (hasLeft) this.#options.guardian.unwatch(pid);
      },
    });
    return true;
  }

  /** Of its own; the same names for every job. */
  #variablesOf({ seq, slot }: StartOrder): Variables {
    let ofSlot = this.#ofSlots.get(slot);
    if (ofSlot === undefined) {
      ofSlot = [['PARALLEL_JOBSLOT', String(slot)], ['PARALLEL_PID', String(process.pid)]];
      this.#ofSlots.set(slot, ofSlot);
    }
    return [['PARALLEL_SEQ', String(seq)], ...ofSlot];
  }

  #openShells(): Shells {
    if (this.#shells !== null) return this.#shells;
    const { folder, guardian, descriptors } = this.#options;
    const fifos = new FifoPool(join(folder, 'fifos'));
    const slots = new Slots({
      // Nothing is kept there of jobs, whose output is no value.
      outputFolder: join(folder, 'outputs'),
      fifos,
      watch: (group) => guardian.watch(group),
      unwatch: (group) => guardian.unwatch(group),
      // As for every process that stays where it was started.
      staysInFolder: true,
      descriptors,
    });
    this.#shells = { fifos, slots };
    return this.#shells;
  }
}
