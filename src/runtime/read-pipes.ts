import { closeSync } from 'node:fs';
import { isNamedPipe, openIfRead } from './processes/named-pipe.ts';

/** How often it is looked whether somebody reads a named pipe, in ms: nothing tells. */
const lookAgainMs = 20;

/** Named pipes that are to be written, and wait for whoever reads them. */
export class ReadPipes {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Acts once each of the files that is a named pipe is read by somebody, and has them open meanwhile so that it stays so. */
  whenRead(paths: readonly string[], act: () => void, opened: ReadonlyMap<string, number> = new Map()): void {
    const open = new Map(opened);
    let isMissing = false;
    for (const path of paths) {
      if (open.has(path) || !isNamedPipe(path, 'write')) continue;
      const fd = openIfRead(path);
      if (fd === null) isMissing = true;
      else open.set(path, fd);
    }
    if (isMissing) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.whenRead(paths, act, open);
      }, lookAgainMs);
      this.#timers.add(timer);
      return;
    }
    act();
    for (const fd of open.values()) closeSync(fd);
  }

  /** Waits no more. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
