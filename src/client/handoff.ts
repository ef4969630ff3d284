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
  /** Ends the wait for it. */
  #ring: ((isRung: boolean) => void) | null = null;
  #waits = 0;
  #isWatching = false;
  #log: Log | null = null;
  /** Fencing number of the last grant. */
  #token = 0;
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
      let ahead = this.#lineUp();
      for (let method: 'acquire' | 'claim' = ahead === null ? 'acquire' : 'claim'; ; method = 'claim') {
        if (ahead === 0) {
          this.#grantsOfTurn += 1;
          if (this.#grantsOfTurn % grantsPerTurn === 0) await turn();
        }
        if (ahead === 0 || (ahead !== null && ahead > 0 && (await this.#isRung()))) return this.#held();
        this.#closeLog();
        const answer = await this.#thread.ask(`lock.${method}`, method === 'claim' ? { name: this.#name } : { holds: this.#name });
        const place = fieldOf(answer, 'handoff');
        if (place === undefined) return answer;
        ahead = this.#follow(place);
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
    this.#ring?.(false);
  }

  /** Lines up without asking, and gives how many stand before; null where the run has to be asked, -1 where it knows what has come of it. */
  #lineUp(): number | null {
    const log = this.#log;
    // What was asked before comes before.
    if (log === null || log.at > longestLog || !this.#thread.connection.isSettled) return null;
    if (!this.#append(log, log.member)) return null;
    const ahead = this.#read(log, log.member);
    return ahead === null || this.#isCalledOff(log) ? -1 : ahead;
  }

  /** The run has lined this member up: how many stand before it, or -1 where the log is not to be seen. */
  #follow(place: Json): number {
    const line = listOf(fieldOf(place, 'line')).map(numberOf);
    const member = numberOf(fieldOf(place, 'member'));
    const released = numberOf(fieldOf(place, 'released'));
    const firstToken = numberOf(fieldOf(place, 'first_token'));
    const bells = fieldsOf(fieldOf(place, 'bells'), textOf);
    let file: number;
    try {
      file = openSync(textOf(fieldOf(place, 'path')), constants.O_RDWR | constants.O_APPEND);
    } catch {
      // The folder of the run is not to be seen from here, too many files are open, or it is over already.
      return -1;
    }
    this.#forgetBells(bells);
    this.#log = { file, member, epoch: numberOf(fieldOf(place, 'epoch')), firstToken, bells, at: numberOf(fieldOf(place, 'at')), released, line: [...line, member] };
    this.#token = firstToken + released + line.length;
    return line.length;
  }

  /** Waits until the lock is handed on: false where that takes long, or is over, and the run has to be asked. */
  #isRung(): Promise<boolean> {
    const log = this.#log;
    const said = this.#said;
    // Of these a 0 is of a hand-off before this one: with its own the run's word is there, or the log is gone, before
    // the bell says so, and nothing was heard since that was read.
    this.#said = [];
    if (log === null) return Promise.resolve(false);
    if (said.includes(log.epoch) && this.#standsFirst(log)) return Promise.resolve(true);
    this.#bell.ref();
    this.#waits += 1;
    this.#watch();
    return new Promise((resolve) => {
      this.#ring = (isRung) => {
        this.#ring = null;
        this.#bell.unref();
        resolve(isRung);
      };
    });
  }

  /** Ends the wait of whoever has waited long: one timer for all of them. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const waits = this.#waits;
    const look = (): void => {
      this.#isWatching = false;
      if (this.#ring === null) return;
      if (this.#waits === waits) this.#ring(false);
      else this.#watch();
    };
    setTimeout(look, patienceMs).unref();
  }

  #hear(said: number): void {
    const log = this.#log;
    if (this.#ring === null || log === null) this.#said.push(said);
    else if (said === log.epoch && this.#standsFirst(log)) this.#ring(true);
    else if (this.#isCalledOff(log)) this.#ring(false);
  }

  /** Whether it does by now: what its bell said long ago, and nobody has heard, may have been the same. */
  #standsFirst(log: Log): boolean {
    this.#read(log, null);
    return log.line[0] === log.member;
  }

  #held(): Held {
    const token = this.#token;
    return new Held({ [this.#name]: token }, [], () => this.#release(token));
  }

  #release(token: number): void {
    const log = this.#log;
    this.#isBusy = false;
    // What was put, set or sent before is to be there for the next holder.
    if (log !== null && this.#thread.connection.isSettled && this.#append(log, log.member + releases)) {
      const next = this.#read(log, log.member + releases);
      if (next !== null && !this.#isCalledOff(log)) {
        if (next > 0) this.#wake(log, next);
        return;
      }
    }
    // Only where the run has not seen it in the log.
    this.#closeLog();
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

  /**
   * Reads on as far as the own record: gives how many stand before it, or who is next; null where it is not there. Without
   * one it reads all there is. What cannot be counts for nothing.
   */
  #read(log: Log, own: number | null): number | null {
    const { line } = log;
    for (let found: number | null = null; ; ) {
      const bytes = readSync(log.file, this.#bytes, 0, readBytes, log.at);
      for (let at = 0; at < bytes; at += 1) {
        const record = this.#bytes[at] ?? 0;
        if (record > releases && line[0] === record - releases) {
          line.shift();
          log.released += 1;
          if (record === own) found = line[0] ?? 0;
        } else if (record > 0 && record < releases && !line.includes(record)) {
          if (record === own) {
            found = line.length;
            this.#token = log.firstToken + log.released + found;
          }
          line.push(record);
        }
      }
      log.at += bytes;
      if (found !== null || bytes === 0) return found;
    }
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
