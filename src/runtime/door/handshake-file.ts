import { closeSync, readSync } from 'node:fs';
import { makeClientFile } from './make-client-file.ts';
import { removeFile } from './remove-file.ts';
import { writeWord } from './write-word.ts';

/** Where the words stand, each lowest byte first: the client's of 8 bytes, the run's, which is one, and the verdict of 8 bytes. */
const runsWordAt = 8;
const verdictAt = 16;
const wordBytes = 8;
const fileBytes = 24;
const revoked = Buffer.from([1]);

/**
 * What a client may do by itself until the run wants it back. The client writes its word and then reads
 * the run's; the run writes its own and then reads the client's. Whichever comes second sees the other, so
 * that they never both act on it, however slow either is (Dekker's algorithm, as in E. W. Dijkstra,
 * "Cooperating sequential processes", 1965). Calls of the system on one file keep that order.
 */
export class HandshakeFile {
  readonly path: string;
  readonly #file: number;

  /** @throws NodeJS.ErrnoException where no file can be made. */
  constructor(path: string) {
    this.path = path;
    this.#file = makeClientFile(path, fileBytes);
  }

  /** Where the client may have made a named pipe, by which others wake it. */
  get bellPath(): string {
    return `${this.path}.bell`;
  }

  /** Leaves it to the client, whose word is this to begin with; false where the file cannot say so. */
  begin(word: bigint): boolean {
    const bytes = Buffer.alloc(fileBytes);
    bytes.writeBigUInt64LE(word, 0);
    return writeWord(this.#file, bytes, 0);
  }

  /** Takes it back, and gives the client's word, by which the run goes; the client finds it there as the verdict. */
  revoke(): bigint {
    writeWord(this.#file, revoked, runsWordAt);
    const word = Buffer.alloc(wordBytes);
    readSync(this.#file, word, 0, wordBytes, 0);
    writeWord(this.#file, word, verdictAt);
    return word.readBigUInt64LE(0);
  }

  remove(): void {
    closeSync(this.#file);
    removeFile(this.path);
    removeFile(this.bellPath);
  }
}
