import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A pipe as make 4.4 has one, with these tokens in it. */
export class MakeFifo {
  readonly path: string;
  readonly #fd: number;

  constructor(folder: string, tokens: string) {
    this.path = path.join(folder, 'tokens');
    execFileSync('mkfifo', [this.path]);
    this.#fd = openSync(this.path, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(this.#fd, tokens);
  }

  get flags(): string {
    return ` -j3 --jobserver-auth=fifo:${this.path}`;
  }

  put(token: string): void {
    writeSync(this.#fd, token);
  }

  /** What is in it now, sorted; nobody takes from it any more. */
  rest(): string {
    const buffer = Buffer.alloc(16);
    return sorted(buffer.toString('utf8', 0, readSync(this.#fd, buffer)));
  }

  /** Resolves with as many tokens, sorted, once so many have come back. */
  tokens(count: number): Promise<string> {
    const socket = new Socket({ fd: openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
    onTestFinished(() => {
      socket.destroy();
      closeSync(this.#fd);
    });
    return new Promise((resolve) => {
      let found = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        found += text;
        if (found.length >= count) resolve(sorted(found));
      });
    });
  }
}

function sorted(text: string): string {
  return text.split('').toSorted().join('');
}
