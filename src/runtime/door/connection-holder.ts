import type { Socket } from 'node:net';
import type { KeyedAttempt } from './keys.ts';

const holders = new WeakMap<Socket, ConnectionHolder>();
let lastNumber = 0;

/**
 * A connection over HTTP that asks, by `Mpctl-Hold: connection`, to hold what is acquired over it. It is one holder
 * however often it asks, and keeps nothing of what it was answered.
 */
export class ConnectionHolder {
  readonly name: string;
  /** What ends with it, by the attempts that have asked over it. */
  readonly #ends = new Map<KeyedAttempt, () => void>();
  readonly #waits = new Set<() => void>();

  private constructor(socket: Socket) {
    lastNumber += 1;
    this.name = `connection/${String(lastNumber)}`;
    socket.once('close', () => {
      // It must not be granted now what it still waits for.
      for (const giveUp of this.#waits) giveUp();
      for (const end of this.#ends.values()) end();
    });
  }

  /** The holder that a connection is from its first request with the header on; null for a request without. */
  static of(socket: Socket, header: string | string[] | undefined): ConnectionHolder | null {
    if (header !== 'connection') return null;
    const known = holders.get(socket) ?? new ConnectionHolder(socket);
    holders.set(socket, known);
    return known;
  }

  /** Has `end` called when the connection is closed: once, however often the attempt asks over it. */
  asks(attempt: KeyedAttempt, end: () => void): void {
    this.#ends.set(attempt, end);
  }

  /** A call waits, which `giveUp` ends; gives what is to be called when it has its answer. */
  waits(giveUp: () => void): () => void {
    this.#waits.add(giveUp);
    return () => {
      this.#waits.delete(giveUp);
    };
  }
}
