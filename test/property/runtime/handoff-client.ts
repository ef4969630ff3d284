import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { ok as truth } from 'node:assert/strict';
import type { Json } from '../../../src/base/json.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../../../src/client/answer.ts';
import { fieldOf } from '../../../src/client/field-of.ts';
import type { Answer } from '../../../src/engine/caller.ts';
import type { Call } from '../../../src/protocol/call.ts';
import type { CallDesk } from '../../../src/runtime/door/call-desk.ts';
import { HandedCalls } from '../../../src/runtime/door/handed-calls.ts';
import type { Owner } from '../../../src/sync/operation.ts';
import { type Arrival, type HandoffWorld, lock } from './handoff-world.ts';

const acquire: Call = { type: 'operation', kind: 'lock', operation: { verb: 'acquire', demands: [{ name: lock, permits: 1 }] }, timeoutMs: null };

interface Place {
  readonly path: string;
  readonly at: number;
  readonly line: readonly number[];
  readonly released: number;
  readonly member: number;
  readonly epoch: number;
  readonly firstToken: number;
  readonly bells: Readonly<Record<string, string>>;
}

function placeOf(json: Json): Place {
  return {
    path: textOf(fieldOf(json, 'path')),
    at: numberOf(fieldOf(json, 'at')),
    line: listOf(fieldOf(json, 'line')).map(numberOf),
    released: numberOf(fieldOf(json, 'released')),
    member: numberOf(fieldOf(json, 'member')),
    epoch: numberOf(fieldOf(json, 'epoch')),
    firstToken: numberOf(fieldOf(json, 'first_token')),
    bells: fieldsOf(fieldOf(json, 'bells'), textOf),
  };
}

/** A client that takes and releases the lock again and again, as docs/protocol.md has it; each `yield` is a moment at which others may act. */
export class HandoffClient {
  readonly owner: Owner;
  readonly handed: HandedCalls;
  readonly steps: Generator<void, void, void>;
  /** Whether it does not wait any longer for its bell. */
  isImpatient = false;
  /** Whether it gives its next wait up. */
  isInterrupted = false;
  rounds = 0;
  readonly #world: HandoffWorld;
  readonly #name: string;
  #file = -1;
  #place: Place | null = null;
  #at = 0;
  #released = 0;
  #line: number[] = [];

  constructor(world: HandoffWorld, name: string) {
    this.#world = world;
    this.#name = name;
    this.owner = { instance: name, holder: name };
    this.handed = new HandedCalls({ instance: name, isOver: false }, { ...unused, ...world.desk });
    world.bells.set(name, []);
    world.broker.join(this.owner, lock, this.handed);
    this.handed.joined(this.owner, lock);
    this.steps = this.#run();
  }

  close(): void {
    this.#closeLog();
    this.handed.close();
    this.#world.dies(this.owner);
  }

  *#run(): Generator<void, void, void> {
    const world = this.#world;
    for (;;) {
      yield;
      const arrival = world.arrives(this.#name);
      const granted = yield* this.#acquire(arrival);
      if (granted === null) {
        world.leaves(this.#name);
        continue;
      }
      world.enters(this.#name, granted.token, granted.ownerDied);
      this.rounds += 1;
      yield;
      yield* this.#release(granted.token);
    }
  }

  *#acquire(arrival: Arrival): Generator<void, { readonly token: number; readonly ownerDied: boolean } | null, void> {
    let how: 'acquire' | 'claim' = this.#place === null ? 'acquire' : 'claim';
    let token = this.#place === null ? null : yield* this.#lineUp(arrival);
    for (; token === null; how = 'claim') {
      const answer: Json = yield* this.#ask(arrival, how);
      if (answer === null) return null;
      const place = fieldOf(answer, 'handoff');
      if (place === undefined) {
        return { token: numberOf(fieldOf(fieldOf(answer, 'tokens'), lock)), ownerDied: listOf(fieldOf(answer, 'owner_died')).length > 0 };
      }
      token = yield* this.#follow(placeOf(place));
    }
    if (token === 0) {
      this.handed.leave(this.owner, lock);
      return null;
    }
    return { token, ownerDied: false };
  }

  *#ask(arrival: Arrival, how: 'acquire' | 'claim'): Generator<void, Json, void> {
    const answers: Answer[] = [];
    let call = 0;
    const frame = { answer: (given: Answer) => answers.push(given), begun: (number: number) => { call = number; } };
    if (how === 'claim') this.handed.claim(this.owner, lock, frame);
    else truth(this.handed.ask(this.owner, acquire, frame));
    arrival.to = Math.min(arrival.to, this.#world.moment);
    let isCalledOff = false;
    while (answers.length === 0) {
      yield;
      if (!this.isInterrupted || isCalledOff || call === 0 || answers.length > 0) continue;
      isCalledOff = true;
      this.#world.leaves(this.#name);
      this.#world.desk.cancel(call);
    }
    const [given] = answers;
    if (isCalledOff) this.isInterrupted = false;
    if (given?.ok !== true) return null;
    if (!isCalledOff) return given.value;
    // It has come all the same, and is given back.
    if (fieldOf(given.value, 'handoff') !== undefined) this.handed.leave(this.owner, lock);
    else this.#tellRelease();
    return null;
  }

  /** The token of the lock; null where the run has to be asked, 0 where it is given up. */
  *#lineUp(arrival: Arrival): Generator<void, number | null, void> {
    const place = this.#placeNow();
    writeSync(this.#file, Buffer.from([place.member]));
    yield;
    let ahead = -1;
    let token = 0;
    this.#read((record) => {
      if (record !== place.member || ahead >= 0) return;
      ahead = this.#line.length - 1;
      token = place.firstToken + this.#released + ahead;
    });
    yield;
    if (this.#isCalledOff() || ahead < 0) {
      this.#closeLog();
      return null;
    }
    arrival.to = Math.min(arrival.to, this.#world.moment);
    return ahead === 0 ? this.#direct(token) : yield* this.#wait(token);
  }

  *#follow(place: Place): Generator<void, number | null, void> {
    this.#closeLog();
    try {
      this.#file = openSync(place.path, constants.O_RDWR | constants.O_APPEND);
    } catch {
      // It is over already.
      return null;
    }
    this.#place = place;
    this.#at = place.at;
    this.#released = place.released;
    this.#line = [...place.line, place.member];
    const token = place.firstToken + place.released + place.line.length;
    return place.line.length === 0 ? token : yield* this.#wait(token);
  }

  *#wait(token: number): Generator<void, number | null, void> {
    const bell = this.#world.bells.get(this.#name) ?? [];
    for (;;) {
      const said = bell.shift();
      if (said === this.#placeNow().epoch) return this.#direct(token);
      if ((said !== undefined && this.#isCalledOff()) || this.isImpatient) {
        this.isImpatient = false;
        this.#closeLog();
        return null;
      }
      if (this.isInterrupted) {
        this.isInterrupted = false;
        this.#closeLog();
        return 0;
      }
      yield;
    }
  }

  *#release(token: number): Generator<void, void, void> {
    const place = this.#place;
    if (place === null) {
      this.#world.exits(this.#name);
      this.#tellRelease();
      return;
    }
    this.#world.exits(this.#name);
    writeSync(this.#file, Buffer.from([place.member + 128]));
    yield;
    let next = -1;
    this.#read((record) => {
      if (record === place.member + 128 && next < 0) next = this.#line[0] ?? 0;
    });
    yield;
    if (this.#isCalledOff()) {
      // Whoever keeps it finds out once more when it lines up.
      if (this.rounds % 2 === 0) this.#closeLog();
      yield;
      this.#tellRelease(token);
      return;
    }
    yield;
    if (next > 0) this.#world.bells.get(place.bells[next] ?? '')?.push(place.epoch);
  }

  #tellRelease(token?: number): void {
    const operation = { verb: 'release', demands: [{ name: lock, permits: 1 }], ...(token === undefined ? {} : { token }) } as const;
    this.handed.released(this.owner, operation);
    this.#world.desk.ask({ ...this.owner, connection: null, attempt: null }, { type: 'operation', kind: 'lock', operation, timeoutMs: 0 }, () => {});
  }

  #direct(token: number): number {
    this.#world.direct += 1;
    return token;
  }

  #read(each: (record: number) => void): void {
    const bytes = Buffer.alloc(4096);
    const count = readSync(this.#file, bytes, 0, bytes.length, this.#at);
    for (const record of bytes.subarray(0, count)) {
      if (record < 128) {
        this.#line.push(record);
      } else {
        this.#line.shift();
        this.#released += 1;
      }
      each(record);
    }
    this.#at += count;
  }

  #isCalledOff(): boolean {
    const word = Buffer.alloc(1);
    return readSync(this.#file, word, 0, 1, 0) === 0 || word[0] !== 0;
  }

  #placeNow(): Place {
    const place = this.#place;
    truth(place !== null);
    return place;
  }

  #closeLog(): void {
    if (this.#place !== null) closeSync(this.#file);
    this.#place = null;
  }
}

const nobodyAsks = (): never => {
  throw new Error('nobody asks for this here');
};
const unused: CallDesk = {
  ask: nobodyAsks, cancel: nobodyAsks, openTally: nobodyAsks, delegate: nobodyAsks, openHandoff: nobodyAsks, endHandoff: nobodyAsks, leaveHandoff: nobodyAsks,
  openAhead: nobodyAsks, receiveAhead: nobodyAsks, sendDirectly: nobodyAsks, openSpool: nobodyAsks, letGo: nobodyAsks, holderGone: nobodyAsks, refused: nobodyAsks,
};
