import type { Json } from '../base/json.ts';
import type { Owner, SyncRequest } from '../sync/operation.ts';
import type { HandoffLog, HandoffPlace } from './door/handoff-log.ts';
import type { Member } from './handoff-members.ts';

/** Whoever has lined up in this time may be about to do it again. */
const activeMs = 20;

/** What one hand-off begins with. */
interface HandoffStart {
  readonly log: HandoffLog;
  /** Whoever held the lock when it began, and by which grant. */
  readonly first: Owner;
  readonly firstToken: number;
  /** What the bell says to whom the lock is handed on to. */
  readonly epoch: number;
  /** By number. */
  readonly members: ReadonlyMap<number, Member>;
  /** What each of them has asked for first: it is answered by the run when the hand-off ends. */
  readonly standing: Map<number, SyncRequest>;
}

/** A lock that its members hand on to each other. */
export class Handoff {
  readonly log: HandoffLog;
  readonly first: Owner;
  readonly firstToken: number;
  readonly epoch: number;
  readonly members: ReadonlyMap<number, Member>;
  readonly standing: Map<number, SyncRequest>;
  /** How often each had lined up when it was looked at, and since when it has not done so again. */
  readonly #seen = new Map<number, { readonly times: number; readonly sinceMs: number }>();

  constructor({ log, first, firstToken, epoch, members, standing }: HandoffStart) {
    this.log = log;
    this.first = first;
    this.firstToken = firstToken;
    this.epoch = epoch;
    this.members = members;
    this.standing = standing;
  }

  has(isMeant: (owner: Owner) => boolean): boolean {
    return [...this.members.values()].some(({ owner }) => isMeant(owner));
  }

  /** Whether this owner is a member that does not stand in line, and there is room in the log. */
  mayLineUp(isMeant: (owner: Owner) => boolean): boolean {
    const member = [...this.members.values()].find(({ owner }) => isMeant(owner));
    return member !== undefined && !this.log.read().includes(member.number) && !this.log.isFull;
  }

  /** Whether a member of the instance has not lined up since it was looked at last, which is not just now. */
  isIdleOf(instance: string, nowMs: number): boolean {
    const line = this.log.read();
    let isIdle = false;
    for (const { owner, number } of this.members.values()) {
      if (owner.instance !== instance) continue;
      const before = this.#seen.get(number);
      const times = line.timesOf(number);
      if (times !== before?.times) this.#seen.set(number, { times, sinceMs: nowMs });
      else if (nowMs - before.sinceMs > activeMs) isIdle = true;
    }
    return isIdle;
  }

  /** What a member is told that waits with the others. */
  placeOf({ number }: Member, { at, line, released }: HandoffPlace, pathOf: (owner: Owner) => string | null): Readonly<Record<string, Json>> {
    const bells = Object.fromEntries([...this.members.values()].map(({ owner, number: other }) => [other, pathOf(owner) ?? '']));
    return { path: this.log.path, at, line, released, member: number, epoch: this.epoch, first_token: this.firstToken, bells };
  }
}
