import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SpawnOrder } from '../../engine/effect.ts';
import type { ProcessKey } from '../../engine/engine-event.ts';
import { RunningTimer } from '../running-ms.ts';
import { systemErrorText } from '../system-error-text.ts';
import { type HelperGuard, NotifyHelper } from './notify-helper.ts';

/** So long a command waits for its socket, in ms: perl has it in 10 to 20, or in a second where the machine is busy. */
const patienceMs = 3000;

/** What the sockets of a run need. */
export interface NotifySocketsOptions {
  /** Where the folder of the sockets may be, best first. */
  readonly places: readonly string[];
  readonly guard: HelperGuard & { readonly removeWhenKilled: (path: string) => void };
  /** `PATH` of mpctl itself. */
  readonly path: string;
  /** A program has said that it is ready, by the number of the probe that waits for it. */
  readonly found: (probe: number) => void;
  readonly warn: (message: string) => void;
}

/** The socket of one attempt of an instance. */
interface AttemptSocket {
  readonly number: number;
  readonly attempt: number;
  readonly path: string;
  state: 'opening' | 'open' | 'failed';
  isReady: boolean;
  /** The probe that waits for it. */
  probe: number | null;
  /** While it is being made. */
  readonly patience: RunningTimer;
  /** Commands of the attempt that are started once it is there. */
  readonly waiting: Map<ProcessKey, () => void>;
}

/**
 * Sockets for programs that say with sd_notify(3) that they are ready: one for each attempt, so that what an
 * earlier one says late is not taken for the next one's. Only `READY=1` means anything.
 */
export class NotifySockets {
  readonly #options: NotifySocketsOptions;
  readonly #sockets = new Map<string, AttemptSocket>();
  /** Attempts that are waited for before their first command, by instance. */
  readonly #probes = new Map<string, { readonly attempt: number; readonly probe: number }>();
  #helper: NotifyHelper | null = null;
  #isUp = false;
  #folder: string | null = null;
  #isLost = false;
  #nextNumber = 1;

  constructor(options: NotifySocketsOptions) {
    this.#options = options;
  }

  /** Starts what has the sockets. To be called before the first command that needs one. */
  start(): void {
    const { guard, path } = this.#options;
    this.#folder = this.#makeFolder();
    if (this.#folder === null) return;
    guard.removeWhenKilled(this.#folder);
    this.#helper = new NotifyHelper(
      {
        up: () => {
          this.#isUp = true;
          for (const socket of this.#sockets.values()) this.#helper?.open(socket.number, socket.path);
        },
        opened: (number) => this.#settle(number, 'open'),
        failed: (number, why) => {
          this.#options.warn(`no socket can be made for \`NOTIFY_SOCKET\`: ${why}; \`mpctl ready\` works`);
          this.#settle(number, 'failed');
        },
        message: (number, text) => this.#hear(number, text),
        lost: (why) => this.#lose(why),
      },
      guard,
      path,
    );
    this.#helper.start();
  }

  /** Of what has the sockets; null while nothing has. */
  get helperPid(): number | null {
    return this.#helper?.pid ?? null;
  }

  /** Calls back as soon as the command can be started: at once, unless its attempt needs a socket. */
  prepare({ key, instance, notifies }: SpawnOrder, start: () => void): void {
    const socket = notifies === undefined ? null : this.#socketOf(instance, notifies);
    if (socket?.state === 'opening') socket.waiting.set(key, start);
    else start();
  }

  /** Whether the command was waiting for its socket; it is not started any more. */
  callOff(key: ProcessKey): boolean {
    return [...this.#sockets.values()].some(({ waiting }) => waiting.delete(key));
  }

  environmentOf({ instance, notifies }: SpawnOrder): Readonly<Record<string, string>> {
    const socket = this.#sockets.get(instance);
    return socket?.state === 'open' && socket.attempt === notifies ? { NOTIFY_SOCKET: socket.path } : {};
  }

  /** The probe waits for the attempt to say that it is ready, which it may have done. */
  watch(instance: string, attempt: number, probe: number): void {
    this.#probes.set(instance, { attempt, probe });
    const socket = this.#sockets.get(instance);
    if (socket?.attempt !== attempt) return;
    socket.probe = probe;
    if (socket.isReady) this.#options.found(probe);
  }

  /** Nobody waits for it any more. */
  unwatch(probe: number): void {
    for (const [instance, watched] of this.#probes) if (watched.probe === probe) this.#probes.delete(instance);
    for (const socket of this.#sockets.values()) if (socket.probe === probe) socket.probe = null;
  }

  /** The instance has ended for good. */
  close(instance: string): void {
    const socket = this.#sockets.get(instance);
    if (socket !== undefined) this.#forget(socket);
    this.#sockets.delete(instance);
    this.#probes.delete(instance);
  }

  /** The run is over. */
  end(): void {
    for (const socket of this.#sockets.values()) this.#forget(socket);
    this.#helper?.end();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  #socketOf(instance: string, attempt: number): AttemptSocket | null {
    const before = this.#sockets.get(instance);
    if (before?.attempt === attempt) return before;
    if (before !== undefined) this.#forget(before);
    if (this.#folder === null || this.#isLost) return null;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    const watched = this.#probes.get(instance);
    const socket: AttemptSocket = {
      number,
      attempt,
      path: join(this.#folder, String(number)),
      state: 'opening',
      isReady: false,
      probe: watched?.attempt === attempt ? watched.probe : null,
      patience: new RunningTimer(patienceMs, () => {
        this.#options.warn(`the socket for \`NOTIFY_SOCKET\` of \`${instance}\` was not made within ${patienceMs / 1000} s; \`mpctl ready\` works`);
        this.#settle(number, 'failed');
      }),
      waiting: new Map(),
    };
    this.#sockets.set(instance, socket);
    if (this.#isUp) this.#helper?.open(number, socket.path);
    return socket;
  }

  #forget({ number, patience }: AttemptSocket): void {
    patience.cancel();
    this.#helper?.close(number);
  }

  #numbered(number: number): AttemptSocket | null {
    return [...this.#sockets.values()].find((socket) => socket.number === number) ?? null;
  }

  #settle(number: number, state: 'open' | 'failed'): void {
    const socket = this.#numbered(number);
    // Whoever was told that there is none has gone on without it.
    if (socket === null || socket.state === 'failed') return;
    socket.patience.cancel();
    socket.state = state;
    const starts = [...socket.waiting.values()];
    socket.waiting.clear();
    for (const start of starts) start();
  }

  #hear(number: number, text: string): void {
    const socket = this.#numbered(number);
    if (socket === null || socket.isReady || !text.split('\n').includes('READY=1')) return;
    socket.isReady = true;
    if (socket.probe !== null) this.#options.found(socket.probe);
  }

  #lose(why: string): void {
    this.#isLost = true;
    this.#options.warn(`programs cannot say through \`NOTIFY_SOCKET\` that they are ready: ${why}; \`mpctl ready\` works`);
    for (const { number } of [...this.#sockets.values()]) this.#settle(number, 'failed');
  }

  #makeFolder(): string | null {
    let why = 'every path for it is too long';
    for (const place of this.#options.places) {
      try {
        mkdirSync(place, { mode: 0o700 });
        return place;
      } catch (error) {
        why = systemErrorText(error);
      }
    }
    this.#lose(why);
    return null;
  }
}
