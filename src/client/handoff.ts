import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { Json } from '../base/json.ts';
import { fieldsOf, listOf, numberOf, textOf } from './answer.ts';
import { fieldOf } from './field-of.ts';
import { Held } from './held.ts';
import type { Thread } from './thread.ts';

/** With so many bytes a log ends, and another one begins. */
const longestLog = 200_000;
/** So long the run is not asked. */
const patienceMs = 50;
/** Grants without waiting after which the program's other work gets its turn. */
const grantsPerTurn = 100;
/** What is added to the number of a member that releases the lock. */
const releases = 128;
const readBytes = 4096;
/** So much of what the bell says is heard at once. */
const mostRings = 64;

/** The log of those who hand the lock on now, as far as this member has read it. */
interface Log {
  readonly file: number;
  readonly member: number;
  readonly epoch: number;
  readonly firstToken: number;
  /** The bells of the others, by member. */
  readonly bells: Readonly<Record<string, string>>;
  at: number;
  released: number;
  /** Who stands in line, the holder first. */
  readonly line: number[];
}

/** What a wait has come to: the lock itself, or what the run has answered. */
type Outcome = { readonly token: number } | { readonly answer: Json };

/**
 * One plain lock that several processes contend for, as one holder of this process sees it. While nobody else
 * asks the run about it, they hand it on to each other: each says in a common log that it lines up and that it
 * releases the lock, in the order in which the system appends what they write, and wakes the next one by
 * its bell (docs/protocol.md, "Locks that are handed on").
 */
export class Handoff {
  readonly #thread: Thread;
  readonly #name: string;
  readonly #bell: Socket;
  /** By path: the bells of others. */
  readonly #bells = new Map<string, number>();
  readonly #bytes = Buffer.alloc(readBytes);
  readonly #word = Buffer.alloc(1);
  /** What the bell has said before anybody waited for it. */
  #said: number[] = [];
  #hears: ((said: number) => void) | null = null;
  #log: Log | null = null;
  #isBusy = false;
  #grantsOfTurn = 0;

  /**
   * For a thread that may be woken by this bell.
   *
   * @throws NodeJS.ErrnoException where it cannot be opened.
   */
  constructor(thread: Thread, name: string, bell: string) {
    this.#thread = thread;
    this.#name = name;
    const file = openSync(bell, constants.O_RDWR | constants.O_NONBLOCK);
    const callback = (bytes: number, buffer: Uint8Array): boolean => {
      for (const said of buffer.subarray(0, bytes)) this.#hear(said);
      return true;
    };
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { fd: file, readable: true, writable: false, onread: { buffer: Buffer.alloc(mostRings), callback } };
    this.#bell = new Socket(options);
    // Without it, whoever waits asks the run when his patience is over.
    this.#bell.on('error', () => {});
    this.#bell.unref();
  }

  /** The holder that the lock is handed on to. */
  get thread(): Thread {
    return this.#thread;
  }

  /** Whether its holder waits for the lock already, or has it. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Its holder has released what it was granted by the run. */
  rest(): void {
    this.#isBusy = false;
  }

  /** As `acquire` of the lock, without any limit; gives what the run has answered where that has granted it. */
  async acquire(): Promise<Held | Json> {
    this.#isBusy = true;
    try {
      let outcome = this.#lineUp() ?? { answer: await this.#thread.ask('lock.acquire', { holds: this.#name }) };
      for (;;) {
        const come = await outcome;
        if ('token' in come) return await this.#granted(come.token);
        const place = fieldOf(come.answer, 'handoff');
        if (place === undefined) return come.answer;
        outcome = this.#follow(place);
      }
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
  }

  /** The connection is gone. */
  close(): void {
    this.#bell.destroy();
    this.#closeLog();
    for (const file of this.#bells.values()) closeSync(file);
    this.#bells.clear();
    this.#hears?.(0);
  }

  /** Lines up without asking; null where the run has to be asked. */
  #lineUp(): Promise<Outcome> | Outcome | null {
    const log = this.#log;
    // What was asked before comes before.
    if (log === null || log.at > longestLog || !this.#thread.connection.isSettled) return null;
    if (!this.#append(log, log.member)) return null;
    let place: { readonly ahead: number; readonly token: number } | null = null;
    this.#read(log, (record) => {
      if (record !== log.member) return false;
      const ahead = log.line.length - 1;
      place ??= { ahead, token: log.firstToken + log.released + ahead };
      return true;
    });
    return this.#outcomeAt(log, this.#isCalledOff(log) ? null : place);
  }

  /** The run has lined this member up. */
  #follow(place: Json): Promise<Outcome> | Outcome {
    this.#closeLog();
    const line = listOf(fieldOf(place, 'line')).map(numberOf);
    const member = numberOf(fieldOf(place, 'member'));
    const released = numberOf(fieldOf(place, 'released'));
    const firstToken = numberOf(fieldOf(place, 'first_token'));
    const bells = fieldsOf(fieldOf(place, 'bells'), textOf);
    let file: number;
    try {
      file = openSync(textOf(fieldOf(place, 'path')), constants.O_RDWR | constants.O_APPEND);
    } catch {
      // The folder of the run is not to be seen from here, or too many files are open.
      return this.#claim();
    }
    this.#forgetBells(bells);
    const log: Log = { file, member, epoch: numberOf(fieldOf(place, 'epoch')), firstToken, bells, at: numberOf(fieldOf(place, 'at')), released, line: [...line, member] };
    this.#log = log;
    return this.#outcomeAt(log, { ahead: line.length, token: firstToken + released + line.length });
  }

  #outcomeAt(log: Log, place: { readonly ahead: number; readonly token: number } | null): Promise<Outcome> | Outcome {
    if (place === null) return this.#claim();
    return place.ahead === 0 ? { token: place.token } : this.#wait(log, place.token);
  }

  /** Waits until the lock is handed on; where that takes long, the run is asked, which knows then who waits. */
  async #wait(log: Log, token: number): Promise<Outcome> {
    const said = this.#said;
    this.#said = [];
    if (said.includes(log.epoch) && this.#stands(log)) return { token };
    this.#bell.ref();
    const isHandedOn = await new Promise<boolean>((resolve) => {
      const patience = setTimeout(() => resolve(false), patienceMs);
      this.#hears = (byte) => {
        const isOpen = this.#log === log;
        const isMine = isOpen && byte === log.epoch && this.#stands(log);
        if (isOpen && !isMine && (byte === log.epoch || !this.#isCalledOff(log))) return;
        clearTimeout(patience);
        resolve(isMine);
      };
    });
    this.#hears = null;
    this.#bell.unref();
    return isHandedOn ? { token } : this.#claim();
  }

  /** Whether this member stands first by now: what its bell said long ago, and nobody has heard, may have been the same. */
  #stands(log: Log): boolean {
    this.#read(log, () => false);
    return log.line[0] === log.member;
  }

  /** The run knows what has come of it. */
  async #claim(): Promise<Outcome> {
    this.#closeLog();
    return { answer: await this.#thread.ask('lock.claim', { name: this.#name }) };
  }

  async #granted(token: number): Promise<Held> {
    this.#grantsOfTurn += 1;
    if (this.#grantsOfTurn % grantsPerTurn === 0) await turn();
    return new Held({ [this.#name]: token }, [], () => this.#release(token));
  }

  #release(token: number): void {
    const log = this.#log;
    // What was put, set or sent before is to be there for the next holder.
    if (log !== null && this.#thread.connection.isSettled && this.#append(log, log.member + releases)) {
      let next: number | null = null;
      this.#read(log, (record) => {
        if (record !== log.member + releases) return false;
        next ??= log.line[0] ?? 0;
        return true;
      });
      if (next !== null && !this.#isCalledOff(log)) {
        if (next > 0) this.#wake(log, next);
        this.#isBusy = false;
        return;
      }
    }
    // Only where the run has not seen it in the log.
    this.#closeLog();
    this.#isBusy = false;
    this.#thread.tell('lock.release', { holds: this.#name, token });
  }

  #append({ file }: Log, record: number): boolean {
    this.#word[0] = record;
    try {
      return writeSync(file, this.#word, 0, 1) === 1;
    } catch {
      // The disk is full.
      return false;
    }
  }

  #isCalledOff({ file }: Log): boolean {
    return readSync(file, this.#word, 0, 1, 0) < 1 || this.#word[0] !== 0;
  }

  /** Reads on until `found` says after a record that it is enough. What cannot be counts for nothing. */
  #read(log: Log, found: (record: number) => boolean): void {
    for (let isFound = false; !isFound; ) {
      const bytes = readSync(log.file, this.#bytes, 0, readBytes, log.at);
      if (bytes === 0) return;
      for (const record of this.#bytes.subarray(0, bytes)) {
        if (record > 0 && record < releases && !log.line.includes(record)) {
          log.line.push(record);
        } else if (record > releases && log.line[0] === record - releases) {
          log.line.shift();
          log.released += 1;
        } else {
          continue;
        }
        isFound = found(record) || isFound;
      }
      log.at += bytes;
    }
  }

  #hear(said: number): void {
    if (this.#hears === null) this.#said.push(said);
    else this.#hears(said);
  }

  #wake({ bells, epoch }: Log, member: number): void {
    const path = bells[member];
    if (path === undefined) return;
    try {
      const file = this.#bells.get(path) ?? openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
      this.#bells.set(path, file);
      this.#word[0] = epoch;
      writeSync(file, this.#word, 0, 1);
    } catch {
      // It asks the run when its patience is over.
    }
  }

  /** Those of members that have gone. */
  #forgetBells(bells: Log['bells']): void {
    const paths = new Set(Object.values(bells));
    for (const [path, file] of this.#bells) {
      if (paths.has(path)) continue;
      closeSync(file);
      this.#bells.delete(path);
    }
  }

  #closeLog(): void {
    if (this.#log !== null) closeSync(this.#log.file);
    this.#log = null;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
