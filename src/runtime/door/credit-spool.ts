import { closeSync, readSync } from 'node:fs';
import { makeClientFile } from './make-client-file.ts';
import { removeFile } from './remove-file.ts';
import { writeWord } from './write-word.ts';
import type { Json } from '../../base/json.ts';
import { isList } from '../../base/json-type.ts';
import { parseJson } from '../../base/parse-json.ts';

/** Five numbers of 64 bits, lowest byte first, stand before the items: the first and the last are the client's. */
const headerBytes = 40;
/** Where it stands which grant was called off, and how much of it was taken in. */
const calledOffPlace = 8;
/** Where it stands at how much of which grant whoever waits for items is to be told. */
const wantedPlace = 16;
/** Where it stands how many items may be put on which grant in all, where that is more than was answered. */
const limitPlace = 24;
const wordBytes = 8;
const spoolBytes = 64 * 1024;
/** In place of how much was taken in, while the run looks. */
const notKnownYet = 0xff_ff_ff_ff;

/**
 * Items that a client has put into room that it was granted, in a file. The client writes an item, then says
 * how much there is, and then looks what the run has written; the run writes that the grant is called off, or
 * that somebody waits for items, and then looks how much there is. So at least one sees the other: what was put
 * unseen is taken in, whatever the client does.
 */
export class CreditSpool {
  readonly path: string;
  readonly #file: number;
  readonly #word = Buffer.alloc(wordBytes);
  /** Which grant it is: each is used once. */
  #grant = 0;
  /** So many bytes of it are taken in. */
  #taken = 0;
  #allItems = 0;
  #allBytes = 0;

  /** @throws NodeJS.ErrnoException where no file can be made. */
  constructor(path: string) {
    this.path = path;
    this.#file = makeClientFile(path, spoolBytes);
  }

  get grant(): number {
    return this.#grant;
  }

  /** Begins the next grant; of how many items it is, its client is told by an answer. */
  renew(): void {
    this.#grant += 1;
    this.#taken = 0;
  }

  /** So many items may be put on the grant in all, more than the client was told. */
  extendTo(limit: number): void {
    this.#say(limit, limitPlace);
  }

  /** How many items were taken in, of all grants. */
  get count(): number {
    return this.#allItems;
  }

  /** Somebody waits for items: the client is to say so when it has put about so many more. */
  want(items: number): void {
    const bytes = items <= 1 ? 1 : Math.ceil((this.#allBytes * items) / Math.max(1, this.#allItems));
    this.#say(this.#taken + bytes, wantedPlace);
  }

  /** What was put since the last time. */
  read(): readonly Json[] {
    readSync(this.#file, this.#word, 0, wordBytes, 0);
    const end = this.#word.readUInt32LE(0);
    // More than the file holds nobody has put.
    if (this.#word.readUInt32LE(4) !== this.#grant || end <= this.#taken || headerBytes + end > spoolBytes) return [];
    const bytes = Buffer.alloc(end - this.#taken);
    readSync(this.#file, bytes, 0, bytes.length, headerBytes + this.#taken);
    this.#taken = end;
    this.#allBytes += bytes.length;
    const text = bytes.toString('utf8').replace(/^,/u, '');
    // What is nested too deeply could not be written to anybody.
    const items = parseJson(`[${text}]`);
    if (!items.ok || !isList(items.value)) return [];
    this.#allItems += items.value.length;
    return items.value;
  }

  /** Ends the grant without the client's help, and gives what it had put; whatever it puts now, it finds out. */
  callOff(): readonly Json[] {
    this.#say(notKnownYet, calledOffPlace);
    const items = this.read();
    this.#say(this.#taken, calledOffPlace);
    return items;
  }

  close(): void {
    closeSync(this.#file);
    removeFile(this.path);
  }

  #say(count: number, place: number): void {
    this.#word.writeUInt32LE(count, 0);
    this.#word.writeUInt32LE(this.#grant, 4);
    writeWord(this.#file, this.#word, place);
  }
}
