import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import type { Deadlock, FoundDeadlock } from './deadlock-circle.ts';
import { findDeadlock } from './deadlock.ts';
import type { HoldingBack } from './engine-options.ts';
import type { ProcessKey } from './engine-event.ts';
import { type BlockedIn, commandsOf, type HeldOfPrograms, likelyWaits, standingCalls } from './program-waits.ts';
import { ProgramWatch } from './program-watch.ts';
import type { SecondLook, Suspects } from './second-look.ts';
import type { SeenProgram } from './seen-program.ts';
import type { Unit } from './unit-state.ts';

/**
 * Looks for deadlocks in two steps. First a program is taken for blocked as long as it waits in a call
 * without a limit, or there is nothing for it to read or no room for what it writes; only where that makes a deadlock, what its processes do is looked at, which takes a
 * while, and the search is made again with those that are blocked indeed.
 */
export class DeadlockSearch {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #programs: ProgramWatch;
  readonly #secondLook: SecondLook;

  constructor(context: Context, index: ActorIndex, secondLook: SecondLook) {
    this.#context = context;
    this.#index = index;
    this.#secondLook = secondLook;
    this.#programs = new ProgramWatch(context);
  }

  /**
   * A deadlock that is certain; null while there is none, a second look has yet to show it as well, or the
   * programs in it have yet to be looked at.
   */
  find(): Deadlock | null {
    const thinkable = this.#search({ blockedIn: (key) => likelyWaits(this.#context, key), isGuess: true });
    // Programs are looked at only where they wait indeed, and not for what is on its way: it costs them time as well.
    if (thinkable === null || !this.#areCertain(thinkable)) return null;
    const waiting = this.#waitingIn(thinkable.units);
    if (waiting.length === 0) return thinkable.named;
    this.#programs.look(waiting);
    const found = this.#search({ blockedIn: this.#programs.blockedIn, isGuess: false });
    if (found === null) return null;
    return this.#programs.haveJustBeenSeen(this.#waitingIn(found.units)) && this.#areCertain(found) ? found.named : null;
  }

  /** Says who could never go on if nothing more came of what is held back; nobody looks whether a program reads its input. */
  tellStuck(heldBack: HoldingBack): void {
    const found = this.#search({ blockedIn: (key) => standingCalls(this.#context, key), isGuess: false });
    if (found !== null && this.#areCertain(found)) heldBack.noteStuck((name) => found.live.has(this.#context.ownerOf(name)));
  }

  /** What is known of programs from the looks at them. */
  get blockedIn(): BlockedIn {
    return this.#programs.blockedIn;
  }

  /** A program was looked at. */
  seen(key: ProcessKey, seen: SeenProgram): void {
    this.#programs.seen(key, seen);
  }

  #search(programs: HeldOfPrograms): FoundDeadlock | null {
    const before = this.#secondLook.suspects;
    if (before === null) return findDeadlock(this.#context, this.#index, programs, null);
    // Whoever was answered meanwhile goes on, though he may wait again: that answer may be on its way as well.
    const now = this.#waitsOf([...before.keys()]);
    const unanswered = new Map([...before].filter(([name, waits]) => now.get(name) === waits));
    return unanswered.size === 0 ? null : findDeadlock(this.#context, this.#index, programs, unanswered);
  }

  #areCertain({ units }: FoundDeadlock): boolean {
    return this.#secondLook.areCertain(this.#waitsOf(units.map(({ name }) => name)));
  }

  /** The questions that each of these waits in. */
  #waitsOf(names: readonly string[]): Suspects {
    const waits = new Map<string, number[]>(names.map((name) => [name, []]));
    for (const { id, instance } of this.#context.requests.values()) waits.get(this.#context.ownerOf(instance))?.push(id);
    return new Map([...waits].map(([name, ids]) => [name, ids.join(' ')]));
  }

  /** The commands of these that wait for the run; one that is known to go on until it is stopped is in nobody's way, whatever it does. */
  #waitingIn(units: readonly Unit[]): readonly ProcessKey[] {
    const { endless } = this.#context.options;
    const keys = units.flatMap((unit) => (endless?.has(unit.name) === true ? [] : commandsOf(this.#context, unit)));
    return keys.filter((key) => likelyWaits(this.#context, key).length > 0);
  }
}
