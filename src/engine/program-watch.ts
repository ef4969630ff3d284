import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import { haveSaidSo, type ProgramWait, standingWaits, waitsAsAWhole } from './program-waits.ts';
import type { SeenProgram } from './seen-program.ts';

/** Soonest and latest time from one look at a program to the next, in ms: nothing tells when it has begun to wait. */
const firstPauseMs = 50;
const longestPauseMs = 1000;
/** What a look has shown is good for so long: a signal may wake whoever waits for ever. */
const freshMs = 200;

/** What the looks at one program have shown. */
interface Look {
  /** What it may have waited in, by number. */
  readonly standing: string;
  /** What it did wait in, by number. */
  readonly waits: ReadonlySet<string>;
  /** What was seen where all of it waited; null where it did something else, or was not seen yet. */
  readonly seen: string | null;
  /** Its event loops have said that they hear nothing else. */
  readonly isSaid: boolean;
  readonly seenMs: number;
  /** From then on to `untilMs` it was in that wait, without having run: what looks show that are no later and no earlier than these. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** When the last look was asked for, which shows nothing that was before. */
  readonly askedMs: number;
  /** It was seen twice in the same wait, without having run in between. */
  readonly isBlocked: boolean;
  readonly isUnderWay: boolean;
  /** How long it is left alone from one look to the next. */
  readonly pauseMs: number;
}

const never: Look = { standing: '', waits: new Set(), seen: null, isSaid: false, seenMs: Number.NEGATIVE_INFINITY, sinceMs: 0, untilMs: 0, askedMs: 0, isBlocked: false, isUnderWay: false, pauseMs: firstPauseMs };

/**
 * Who of the programs that a deadlock would be made of is blocked: only those are looked at, and less
 * often the longer it goes on.
 */
export class ProgramWatch {
  readonly #context: Context;
  readonly #looks = new Map<ProcessKey, Look>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** What a program waits in, where it was seen that it does nothing else; else empty. */
  readonly blockedIn = (key: ProcessKey): readonly ProgramWait[] => {
    const standing = standingWaits(this.#context, key);
    const look = this.#looks.get(key);
    return look?.isBlocked === true && look.standing === numbersOf(standing) ? standing.filter((wait) => look.waits.has(numberOf(wait))) : [];
  };

  /** Has those looked at whose turn it is, and the search made again when it is the turn of others. */
  look(keys: readonly ProcessKey[]): void {
    for (const key of this.#looks.keys()) if (!this.#context.processes.has(key)) this.#looks.delete(key);
    for (const key of keys) {
      const { seenMs, pauseMs } = this.#looks.get(key) ?? never;
      if (seenMs + pauseMs <= this.#context.nowMs) this.#lookAt(key);
      else this.#wakeAt(seenMs + pauseMs);
    }
  }

  /**
   * Whether all of these were seen just now, and waited at one and the same moment; the others are looked at again. One that was seen to
   * wait for another program may have gone on by what that did until it was seen to wait itself, which nobody tells mpctl where a pipe joins them.
   */
  haveJustBeenSeen(keys: readonly ProcessKey[]): boolean {
    const lookOf = (key: ProcessKey): Look => this.#looks.get(key) ?? never;
    const lastSinceMs = Math.max(...keys.map((key) => lookOf(key).sinceMs));
    const old = keys.filter((key) => lookOf(key).seenMs + freshMs < this.#context.nowMs || lookOf(key).untilMs <= lastSinceMs);
    for (const key of old) this.#lookAt(key);
    return old.length === 0;
  }

  /** What a look has shown. Of a program whose end was heard of meanwhile nothing is known any more. */
  seen(key: ProcessKey, seen: SeenProgram): void {
    const context = this.#context;
    const before = this.#looks.get(key);
    if (before === undefined) return;
    const standing = standingWaits(context, key);
    const numbers = numbersOf(standing);
    // Calls that began or ended while it was being looked at may be of a thread that was not seen to wait.
    const waits = before.standing === numbers ? waitsAsAWhole(seen, standing) : [];
    const shown = waits.length > 0 ? JSON.stringify(seen) : null;
    const isSaid = haveSaidSo(seen);
    const isSame = shown !== null && shown === before.seen;
    const isBlocked = isSame && isSaid;
    // To say so has woken it: that is a new wait, and the last one as far as it is concerned.
    const hasBegunToWait = shown !== null && (before.seen === null || (isSaid && !before.isSaid));
    const pauseMs = hasBegunToWait ? firstPauseMs : Math.min(longestPauseMs, before.pauseMs * 2);
    const sinceMs = isSame ? before.sinceMs : context.nowMs;
    const untilMs = isSame ? before.askedMs : context.nowMs;
    this.#looks.set(key, { ...before, standing: numbers, waits: new Set(waits.map(numberOf)), seen: shown, isSaid, seenMs: context.nowMs, sinceMs, untilMs, isBlocked, isUnderWay: false, pauseMs });
    // What was seen is good for a short time only: the search does not wait for its turn.
    this.#wakeAt(isBlocked ? context.nowMs : context.nowMs + pauseMs);
  }

  #lookAt(key: ProcessKey): void {
    const look = this.#looks.get(key) ?? never;
    if (look.isUnderWay) return;
    const standing = numbersOf(standingWaits(this.#context, key));
    const isSameWait = standing === look.standing;
    this.#looks.set(key, { ...look, standing, seen: isSameWait ? look.seen : null, isBlocked: isSameWait && look.isBlocked, askedMs: this.#context.nowMs, isUnderWay: true });
    this.#context.effect({ type: 'look_at_program', key });
  }

  #wakeAt(atMs: number): void {
    const { run, timers } = this.#context;
    if (run.lookTimer?.armed === true && run.lookTimer.atMs <= atMs) return;
    if (run.lookTimer !== null) run.lookTimer.armed = false;
    run.lookTimer = timers.arm(atMs, { type: 'deadlock_check' });
  }
}

function numbersOf(waits: readonly ProgramWait[]): string {
  return waits.map(numberOf).join(' ');
}

function numberOf(wait: ProgramWait): string {
  return wait.call === null ? `${wait.stream} ${wait.requestId ?? ''}` : String(wait.id);
}
