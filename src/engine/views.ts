import type { ActorIndex } from './can-act.ts';
import type { Context } from './context.ts';
import type { WaitReason } from './run-event.ts';
import { saysTheSame, ToldWaitsOf } from './told-waits.ts';
import { namedWaits, plainWaits } from './unit-waits.ts';
import type { Unit } from './unit-state.ts';

/** Soonest that a wait is told anew because of what others did, in ms. */
const retellMs = 50;
/** So much later for each that is to be looked at: thousands who wait for one lock are told 200 times a second. */
const retellMsPerUnit = 5;

/**
 * Tells what every instance and pool waits for, and who could give it: when the wait begins or ends at
 * once, and anew when others hold it, have arrived or can give it no more. Such a change is put off and
 * looked at together with those that follow, so that no event costs more the more are waiting.
 */
export class Views {
  readonly #context: Context;
  readonly #index: ActorIndex;
  readonly #told = new ToldWaitsOf();
  /** Things and actors that have changed since the waits on them were last told. */
  readonly #changedThings = new Set<string>();
  readonly #changedActors = new Set<string>();
  #retellIsArmed = false;
  #retellIsDue = false;

  constructor(context: Context, index: ActorIndex) {
    this.#context = context;
    this.#index = index;
  }

  /** Reports what is new. */
  tell(): void {
    const { touched } = this.#context;
    for (const name of touched) this.#tellOf(name, false);
    if (touched.size > 0) touched.clear();
    this.#noteChanges();
    if (this.#retellIsDue) this.#retell();
    else this.#armRetell();
  }

  /** The time is over for which changes were put off: they are told next. */
  retellDue(): void {
    this.#retellIsArmed = false;
    this.#retellIsDue = true;
  }

  #noteChanges(): void {
    const { holdings, arrivals, changedSinceTold } = this.#context;
    for (const { changed } of [holdings, arrivals]) {
      for (const name of changed) if (this.#told.waitersOf(name).size > 0) this.#changedThings.add(name);
      if (changed.size > 0) changed.clear();
    }
    for (const name of changedSinceTold) if (this.#told.namersOf(name).size > 0) this.#changedActors.add(name);
    if (changedSinceTold.size > 0) changedSinceTold.clear();
  }

  #armRetell(): void {
    if (this.#retellIsArmed) return;
    let count = 0;
    for (const name of this.#changedThings) count += this.#told.waitersOf(name).size;
    for (const name of this.#changedActors) count += this.#told.namersOf(name).size;
    if (count === 0) return;
    this.#retellIsArmed = true;
    const delayMs = Math.max(retellMs, retellMsPerUnit * Math.min(count, this.#told.size));
    this.#context.timers.arm(this.#context.nowMs + delayMs, { type: 'retell_waits' });
  }

  #retell(): void {
    this.#retellIsDue = false;
    const units = new Set<string>();
    for (const name of this.#changedThings) for (const unit of this.#told.waitersOf(name)) units.add(unit);
    for (const name of this.#changedActors) for (const unit of this.#told.namersOf(name)) units.add(unit);
    this.#changedThings.clear();
    this.#changedActors.clear();
    for (const unit of units) this.#tellOf(unit, true);
  }

  /** `anew`: also where it is the same wait, since others may be named by now. */
  #tellOf(name: string, anew: boolean): void {
    const context = this.#context;
    const unit = context.instances.get(name) ?? context.pools.get(name);
    if (unit === undefined) return;
    const plain = plainWaits(context, unit);
    const before = this.#told.get(name);
    if (before === undefined ? plain.length === 0 : before.plain === plain && !anew) return;
    const named = namedWaits(context, this.#index, unit);
    this.#told.set(name, { plain, named });
    if (before === undefined || !saysTheSame(before.named, named)) this.#report(unit, named);
  }

  #report(unit: Unit, named: readonly WaitReason[]): void {
    if (unit.type === 'pool') {
      if (unit.phase !== 'ended') this.#context.report({ type: 'pool.waiting', pool: unit.name, for: named });
    } else if (named.length > 0) {
      this.#context.report({ type: 'instance.waiting', instance: unit.name, for: named });
    } else if (unit.phase === 'running') {
      this.#context.report({ type: 'instance.running', instance: unit.name });
    }
  }
}
