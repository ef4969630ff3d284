import type { ScheduledOperation } from '../schedule/schedule.ts';
import type { Act } from './location.ts';
import type { ModelSystem } from './model-system.ts';

/** A notification of somebody who has yet to take the lock of his condition again. */
interface Notification {
  /** The step of the way, and where its operation stands in the schedule. */
  readonly index: number;
  position: number;
}

/**
 * Whoever takes the lock of a condition between a notification and whoever was notified: he has asked for it before, while
 * the one who notifies still had it. In a run it would else go to the one who was notified.
 */
export class AheadOfNotified {
  readonly #system: ModelSystem;
  readonly #states: readonly Int32Array[];
  readonly #operations: ScheduledOperation[];
  readonly #notified = new Map<string, Notification>();
  /** The last step of each but one that he may have done at any time before; and of whoever has just moved, the one before. */
  readonly #lastMoves = new Map<string, number>();
  #moveBefore = -1;

  constructor(system: ModelSystem, states: readonly Int32Array[], operations: ScheduledOperation[]) {
    this.#system = system;
    this.#states = states;
    this.#operations = operations;
  }

  /** The way comes to its step `index`; whatever `operations` are so far comes before. */
  noteMove(index: number, actor: string, act: Act): void {
    this.#notified.delete(actor);
    this.#moveBefore = this.#lastMoves.get(actor) ?? -1;
    if (act.do !== 'reach') this.#lastMoves.set(actor, index);
    // Whoever finds that nobody can still notify finds it for all who wait there.
    if (act.do === 'find_unnotifiable' && (act.isAtOnce !== true || act.isTried === true)) {
      for (const other of this.#system.conditions.sleepersAt(act.condition, this.#states[index] ?? new Int32Array(0))) {
        this.#notified.set(this.#system.graphs[other]?.name ?? '', { index, position: this.#operations.length });
      }
    }
    if (act.do !== 'notify') return;
    for (const { name } of this.#system.graphs) {
      if (this.#wants(name, act.lock, index + 1) && !this.#wants(name, act.lock, index) && this.#isWoken(name, act.condition, index)) this.#notified.set(name, { index, position: this.#operations.length });
    }
  }

  /** Puts it into the schedule where he has to ask for it before; false where he need not, or cannot. */
  hasLinedUp(index: number, actor: string, act: Act, on: readonly string[]): boolean {
    // Whoever asks for more with it need not get it all as soon as the lock is free.
    const before = act.do === 'acquire' && act.demands.length === 1 ? this.#firstNotification(index, act) : null;
    if (before === null || this.#moveBefore >= before.index || !this.#isAlive(actor, before.index)) return false;
    const { position } = before;
    this.#operations.splice(position, 0, { instance: actor, op: 'acquire', on, outcome: 'waits' });
    for (const notification of this.#notified.values()) if (notification.position >= position) notification.position += 1;
    return true;
  }

  /** Of those who still want what is taken. */
  #firstNotification(index: number, { demands }: Extract<Act, { do: 'acquire' }>): Notification | null {
    const wanted = [...this.#notified].filter(([name]) => demands.some((demand) => this.#wants(name, demand.name, index)));
    const [first = null] = wanted.map(([, notification]) => notification).toSorted((one, other) => one.index - other.index);
    return first;
  }

  #isWoken(name: string, condition: string, index: number): boolean {
    return this.#acts(name, index).some((act) => act.do === 'woken' && act.by === condition);
  }

  #wants(name: string, lock: string, index: number): boolean {
    return this.#acts(name, index).some((act) => act.do === 'acquire' && act.demands.some((demand) => demand.name === lock));
  }

  #isAlive(name: string, index: number): boolean {
    const graph = this.#system.graphs[this.#system.layout.actorNamed(name)];
    const at = this.#locationAt(name, index);
    return graph !== undefined && at >= graph.started && graph.locations[at]?.outcome === null;
  }

  #acts(name: string, index: number): readonly Act[] {
    const graph = this.#system.graphs[this.#system.layout.actorNamed(name)];
    return graph?.locations[this.#locationAt(name, index)]?.choices.map(({ act }) => act) ?? [];
  }

  #locationAt(name: string, index: number): number {
    const { layout } = this.#system;
    return this.#states[index]?.[layout.actorField(layout.actorNamed(name))] ?? 0;
  }
}
