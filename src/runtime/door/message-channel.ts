import { closeSync, readSync, writeSync } from 'node:fs';
import type { Json } from '../../base/json.ts';
import { makeClientFile } from './make-client-file.ts';
import { messagesBetween } from './message-ring.ts';
import { removeFile } from './remove-file.ts';

const wordBytes = 8;
/** Where the words stand: the sender's count of bytes, the receiver's, and whether the receiver sleeps. */
const sentPlace = 0;
const takenPlace = 8;
/** Those of the run: whether it is called off, and how much of both counts it goes by. Two more are for whatever the clients write. */
const statePlace = 24;
const sentVerdictPlace = 32;
const takenVerdictPlace = 40;
const ringPlace = 64;
const ringBytes = 256 * 1024;

/** In place of 0, while the run looks, and when it has said by how much it goes. */
const calledOff = 1n;
const decided = 2n;

/**
 * A file through which one thread sends messages to another, which takes them, until the run calls it off. Each of
 * the two writes how far it is and then reads the run's word; the run writes its word and then reads how far
 * they are. So whoever comes second sees the other, as in a `HandshakeFile`, and by what the run has seen all
 * three go. Each file is used once: who has not noticed yet that it is called off cannot write into another.
 */
export class MessageChannel {
  readonly path: string;
  readonly #file: number;
  readonly #word = Buffer.alloc(wordBytes);

  /** @throws NodeJS.ErrnoException where no file can be made. */
  constructor(path: string) {
    this.path = path;
    this.#file = makeClientFile(path, ringPlace + ringBytes);
  }

  /** Ends it without the help of either client, and gives what was sent and not taken. */
  callOff(): readonly Json[] {
    this.#write(statePlace, calledOff);
    const sent = this.#read(sentPlace);
    const taken = this.#read(takenPlace);
    this.#write(sentVerdictPlace, sent);
    this.#write(takenVerdictPlace, taken);
    this.#write(statePlace, decided);
    const ring = Buffer.alloc(ringBytes);
    if (sent !== taken) readSync(this.#file, ring, 0, ringBytes, ringPlace);
    closeSync(this.#file);
    removeFile(this.path);
    return messagesBetween(ring, taken, sent);
  }

  #write(place: number, word: bigint): void {
    this.#word.writeBigUInt64LE(word);
    writeSync(this.#file, this.#word, 0, wordBytes, place);
  }

  #read(place: number): bigint {
    readSync(this.#file, this.#word, 0, wordBytes, place);
    return this.#word.readBigUInt64LE();
  }
}
