import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { err, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import type { CallError } from '../../protocol/error-kind.ts';
import type { Owner } from '../../sync/operation.ts';
import type { ClientFiles } from './client-files.ts';
import { removeFile } from './remove-file.ts';
import { systemErrorText } from '../system-error-text.ts';

/** So many bells one instance has at most: each holder of it has its own, and there may be any number of those. */
const mostOfInstance = 256;

interface Bell {
  readonly path: string;
  readonly file: number;
}

/** Named pipes by which one thread of a program wakes another without the run; the run rings them as well. */
export class Bells {
  readonly #files: ClientFiles;
  /** By instance and holder. */
  readonly #bells = new Map<string, Map<string, Bell>>();

  constructor(files: ClientFiles) {
    this.#files = files;
  }

  /** Makes the bell of a holder, or gives the one that it has. */
  open(owner: Owner, done: (made: Result<string, CallError>) => void): void {
    const known = this.pathOf(owner);
    if (known !== null) {
      done(ok(known));
      return;
    }
    if ((this.#bells.get(owner.instance)?.size ?? 0) >= mostOfInstance) {
      done(err({ kind: 'refused', message: `the holders of this instance have ${mostOfInstance} bells already` }));
      return;
    }
    this.#make((made) => {
      if (!made.ok) {
        done(err({ kind: 'refused', message: `no named pipe can be made: ${made.error}` }));
        return;
      }
      // Asked for twice at once: the later one counts.
      this.remove(owner.instance, owner.holder);
      const bells = this.#bells.get(owner.instance) ?? new Map<string, Bell>();
      this.#bells.set(owner.instance, bells.set(owner.holder, made.value));
      done(ok(made.value.path));
    });
  }

  /** Null where it has none. */
  pathOf({ instance, holder }: Owner): string | null {
    return this.#bells.get(instance)?.get(holder)?.path ?? null;
  }

  /** Says one byte to whoever waits for it. */
  ring({ instance, holder }: Owner, byte: number): void {
    const bell = this.#bells.get(instance)?.get(holder);
    if (bell === undefined) return;
    try {
      writeSync(bell.file, Buffer.from([byte]));
    } catch {
      // It is full of what nobody has heard; whoever waits hears that.
    }
  }

  /** An instance has ended, or one holder within it. */
  remove(instance: string, holder: string | null): void {
    const bells = this.#bells.get(instance);
    for (const [name, { path, file }] of bells ?? []) {
      if (holder !== null && name !== holder) continue;
      closeSync(file);
      removeFile(path);
      bells?.delete(name);
    }
    if (bells?.size === 0) this.#bells.delete(instance);
  }

  #make(done: (made: Result<Bell, string>) => void): void {
    let path: string;
    try {
      path = this.#files.next();
    } catch (error) {
      done(err(systemErrorText(error)));
      return;
    }
    execFile('mkfifo', ['-m', '600', path], (failure) => {
      if (failure !== null) {
        done(err(systemErrorText(failure)));
        return;
      }
      try {
        // For both directions: so it can be opened before somebody listens, and rung when nobody does.
        done(ok({ path, file: openSync(path, constants.O_RDWR | constants.O_NONBLOCK) }));
      } catch (error) {
        done(err(systemErrorText(error)));
      }
    });
  }
}
