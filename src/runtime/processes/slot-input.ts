import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { encodeText } from '../escaped-bytes.ts';
import { systemErrorCode } from '../system-error-code.ts';

/** What a shell reads: written at once where the pipe takes it, which costs a part of what a stream of Node does. */
export class SlotInput {
  readonly #fd: number;
  /** Writes what the pipe does not take at once; the descriptor is its own then. */
  #socket: Socket | null = null;
  #isOpen = true;

  /** `fd` does not block, and is closed here. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  write(text: string): void {
    if (!this.#isOpen) return;
    const encoded = encodeText(text);
    const bytes = Buffer.byteLength(encoded);
    const written = this.#socket === null ? this.#writeNow(encoded, bytes) : 0;
    if (written === bytes) return;
    this.#socket ??= this.#openSocket();
    this.#socket.write((typeof encoded === 'string' ? Buffer.from(encoded) : encoded).subarray(written));
  }

  /** After everything that was written. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#socket === null) closeSync(this.#fd);
    else this.#socket.end();
  }

  /** How many bytes the pipe has taken; a text goes into it without a buffer of its own. */
  #writeNow(encoded: string | Buffer, bytes: number): number {
    try {
      return typeof encoded === 'string' ? writeSync(this.#fd, encoded) : writeSync(this.#fd, encoded);
    } catch (error) {
      // Of a shell that has gone its end tells.
      return systemErrorCode(error) === 'EAGAIN' ? 0 : bytes;
    }
  }

  #openSocket(): Socket {
    const socket = new Socket({ fd: this.#fd, readable: false, writable: true });
    socket.on('error', () => {});
    return socket;
  }
}
