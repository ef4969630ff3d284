import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { removeFile } from './remove-file.ts';

/** How the holder of a delegated lock has left it. */
export interface DelegationState {
  /** How often it has taken the lock since it was delegated. */
  readonly grants: number;
  readonly isHeld: boolean;
}

/** The holder's word: twice the number of grants, and one more while the lock is held; lowest byte first. */
const holderBytes = 8;
/** The run's word stands behind it: anything but zero where the lock is delegated no more. */
const fileBytes = 16;
const revoked = Buffer.from([1]);

/**
 * One lock between its holder and the run. The holder writes its own word and then reads the run's; the
 * run writes its own and then reads the holder's. Whichever comes second sees the other, so that they
 * never both believe to have the lock, however slow either is (Dekker's algorithm, as in E. W. Dijkstra,
 * "Cooperating sequential processes", 1965). Calls of the system on one file keep that order.
 */
export class DelegationFile {
  readonly path: string;
  readonly #file: number;

  /** @throws NodeJS.ErrnoException where no file can be made. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'wx+', 0o600);
  }

  /** Leaves the lock, which is held, to its holder. */
  begin(): void {
    const bytes = Buffer.alloc(fileBytes);
    bytes.writeUInt8(1, 0);
    writeSync(this.#file, bytes, 0, fileBytes, 0);
  }

  /** Ends the delegation, and says how the holder has left the lock. */
  revoke(): DelegationState {
    writeSync(this.#file, revoked, 0, 1, holderBytes);
    const bytes = Buffer.alloc(holderBytes);
    readSync(this.#file, bytes, 0, holderBytes, 0);
    const word = bytes.readBigUInt64LE(0);
    return { grants: Number(word / 2n), isHeld: word % 2n === 1n };
  }

  remove(): void {
    closeSync(this.#file);
    removeFile(this.path);
  }
}
