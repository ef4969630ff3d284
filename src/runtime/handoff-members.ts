import type { Json } from '../base/json.ts';
import { mostMembers } from '../sync/handoff-line.ts';
import type { Owner } from '../sync/operation.ts';

/** The connection of a program that can wait for a lock without the run. */
export interface HandoffListener {
  /** Its owners have ended with it. */
  readonly isClosed: boolean;
  /** Whether the owner waits for its answer about the lock: another connection may ask for the same thread. */
  isWaiting(owner: Owner, lock: string): boolean;
  /** What the owner has asked for it waits for with the others, at this place. */
  handOff(owner: Owner, lock: string, place: Readonly<Record<string, Json>>): void;
  /** That is over, and the owner did not stand in line. */
  standsNoMore(owner: Owner, lock: string): void;
}

/** One thread of a program that can. */
export interface Member {
  readonly owner: Owner;
  /** Its name in the log, from 1 on; one lock has each once. */
  readonly number: number;
  readonly listener: HandoffListener;
}

/** Who can hand which lock on. */
export class HandoffMembers {
  /** By lock and number. */
  readonly #byNumber = new Map<string, Map<number, Member>>();
  /** By lock, instance and holder. */
  readonly #byOwner = new Map<string, Map<string, Member>>();

  /** Whether it is one from now on: there may be too many. */
  add(owner: Owner, lock: string, listener: HandoffListener): boolean {
    const known = this.of(owner, lock);
    const members = this.#byNumber.get(lock) ?? new Map<number, Member>();
    const number = known?.number ?? freeNumber(members);
    if (number === null) return false;
    const member: Member = { owner, number, listener };
    this.#byNumber.set(lock, members.set(number, member));
    const owners = this.#byOwner.get(lock) ?? new Map<string, Member>();
    this.#byOwner.set(lock, owners.set(keyOf(owner), member));
    return true;
  }

  of(owner: Owner, lock: string): Member | null {
    return this.#byOwner.get(lock)?.get(keyOf(owner)) ?? null;
  }

  /** All of them as they are now, by number. */
  ofLock(lock: string): ReadonlyMap<number, Member> {
    return new Map(this.#byNumber.get(lock) ?? []);
  }

  remove(isGone: (owner: Owner) => boolean): void {
    for (const [lock, members] of this.#byNumber) {
      for (const [number, { owner }] of members) {
        if (!isGone(owner)) continue;
        members.delete(number);
        this.#byOwner.get(lock)?.delete(keyOf(owner));
      }
    }
  }
}

function freeNumber(members: ReadonlyMap<number, Member>): number | null {
  for (let number = 1; number <= mostMembers; number += 1) if (!members.has(number)) return number;
  return null;
}

function keyOf({ instance, holder }: Owner): string {
  return JSON.stringify([instance, holder]);
}
