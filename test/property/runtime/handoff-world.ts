import { equal, ok as truth } from 'node:assert/strict';
import { createMemoryBroker } from '../../../src/broker/memory-broker.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { Answer } from '../../../src/engine/caller.ts';
import type { Call } from '../../../src/protocol/call.ts';
import type { CallDesk } from '../../../src/runtime/door/call-desk.ts';
import type { ClientFiles } from '../../../src/runtime/door/client-files.ts';
import { HandoffBroker } from '../../../src/runtime/handoff-broker.ts';
import type { Outcome, Owner } from '../../../src/sync/operation.ts';

export const lock = 'l';
/** When somebody asked for the lock: at the earliest, and at the latest. */
export interface Arrival {
  readonly from: number;
  to: number;
}

/** One lock, the run that keeps it, and what its clients have seen of it. Every step of anybody is a moment. */
export class HandoffWorld {
  readonly broker: HandoffBroker;
  readonly desk: Pick<CallDesk, 'ask' | 'cancel' | 'endHandoff' | 'leaveHandoff'>;
  /** By path: what each bell has said. */
  readonly bells = new Map<string, number[]>();
  direct = 0;
  moment = 0;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  readonly #untold: { readonly id: number; readonly answer: Answer }[] = [];
  readonly #waiting = new Map<string, Arrival>();
  #inside: string | null = null;
  #lastToken = 0;
  #isDead = false;
  #lastId = 0;

  constructor(files: Pick<ClientFiles, 'next'>) {
    const bells = {
      pathOf: ({ holder }: Owner) => holder,
      ring: ({ holder }: Owner, byte: number) => this.bells.get(holder)?.push(byte),
      remove: () => {},
    };
    // Worth while at once.
    const contention = { waits: () => true, ended: () => {} };
    this.broker = new HandoffBroker(createMemoryBroker([{ kind: 'lock', name: lock, reentrant: false }]), { files, bells, contention, nowMs: () => 0 });
    this.broker.listen((event) => {
      if (event.type === 'settled') this.#untold.push({ id: event.requestId, answer: answerOf(event.outcome) });
    });
    this.desk = {
      ask: (caller, call, done) => this.#ask(caller, call, done),
      cancel: (call) => this.broker.cancel(call, 0),
      endHandoff: (name) => this.broker.endHandoff(name),
      leaveHandoff: (owner, name) => this.broker.leave(owner, name),
    };
  }

  /** The run comes to tell what it has settled. */
  tell(): void {
    for (const { id, answer } of this.#untold.splice(0)) {
      this.#asked.get(id)?.(answer);
      this.#asked.delete(id);
    }
  }

  arrives(who: string): Arrival {
    const arrival = { from: this.moment, to: Number.POSITIVE_INFINITY };
    this.#waiting.set(who, arrival);
    return arrival;
  }

  /** It waits no more. What it may have been granted meanwhile it gives back, and with it the news of a death. */
  leaves(who: string): void {
    this.#waiting.delete(who);
    this.#isDead = false;
  }

  /** Nobody else has it, nobody waits who came before, and the number of the grant is higher than all before. */
  enters(who: string, token: number, ownerDied: boolean): void {
    equal(this.#inside, null, `${who} comes in while ${String(this.#inside)} is inside`);
    truth(token > this.#lastToken, `${who} has ${token} after ${this.#lastToken}`);
    if (this.#isDead) truth(ownerDied, `${who} hears that the owner died`);
    const arrival = this.#waiting.get(who);
    this.#waiting.delete(who);
    for (const [other, { to }] of this.#waiting) truth(to >= (arrival?.from ?? 0), `${other} came before ${who}`);
    this.#isDead = false;
    this.#inside = who;
    this.#lastToken = token;
  }

  exits(who: string): void {
    equal(this.#inside, who, `${who} is inside`);
    this.#inside = null;
  }

  /** The client has gone, wherever it was. */
  dies(owner: Owner): void {
    this.#waiting.delete(owner.holder);
    if (this.#inside === owner.holder) {
      this.#inside = null;
      this.#isDead = true;
    }
    this.broker.holderEnded(owner, 0);
  }

  #ask(caller: { readonly instance: string; readonly holder: string | null }, call: Call, done: (answer: Answer) => void): number {
    this.#lastId += 1;
    const id = this.#lastId;
    if (call.type !== 'operation') throw new Error(`nobody asks for ${call.type} here`);
    const owner = { instance: caller.instance, holder: caller.holder ?? '' };
    const outcome = this.broker.attempt({ id: 0, owner, operation: call.operation, deadlineMs: 0 }, 0);
    if (outcome !== null && (outcome.status !== 'timed_out' || call.timeoutMs === 0)) {
      done(answerOf(outcome));
      return id;
    }
    this.#asked.set(id, done);
    this.broker.request({ id, owner, operation: call.operation, deadlineMs: null }, 0);
    return id;
  }
}

function answerOf(outcome: Outcome): Answer {
  if (outcome.status === 'granted') return ok({ tokens: outcome.tokens, owner_died: [...outcome.ownerDied] });
  return err({ kind: outcome.status === 'cancelled' ? 'cancelled' : 'refused', message: outcome.status });
}
