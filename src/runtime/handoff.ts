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
  readonly start: HandoffStart;
  /** How often each had lined up when it was looked at, and since when it has not done so again. */
  readonly #seen = new Map<number, { readonly times: number; readonly sinceMs: number }>();

  constructor(start: HandoffStart) {
    this.start = start;
  }

  has(isMeant: (owner: Owner) => boolean): boolean {
    return [...this.start.members.values()].some(({ owner }) => isMeant(owner));
  }

  /** Whether this owner is a member that does not stand in line, and there is room in the log. */
  mayLineUp(isMeant: (owner: Owner) => boolean): boolean {
    const member = [...this.start.members.values()].find(({ owner }) => isMeant(owner));
    return member !== undefined && !this.start.log.read().includes(member.number) && !this.start.log.isFull;
  }

  /** Whether a member of the instance has not lined up since it was looked at last, which is not just now. */
  isIdleOf(instance: string, nowMs: number): boolean {
    const line = this.start.log.read();
    let isIdle = false;
    for (const { owner, number } of this.start.members.values()) {
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
    const { log, members, epoch, firstToken } = this.start;
    const bells = Object.fromEntries([...members.values()].map(({ owner, number: other }) => [other, pathOf(owner) ?? '']));
    return { path: log.path, at, line, released, member: number, epoch, first_token: firstToken, bells };
  }
}
