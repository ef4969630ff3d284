import type { ConditionLines } from './condition-lines.ts';
import type { Lines } from './lines.ts';
import { type LoosePermits, moveUpAges } from './loose-permits.ts';
import { endedField } from './state-layout.ts';
import type { Successor } from './transition-system.ts';

const nowhere: Successor = { get: () => 0, set: () => undefined, reach: () => undefined };

/**
 * Makes one state of all those in which the run was ended: what is left then does nothing any more. And lets those in line move up, and
 * whoever holds permits longer than others.
 */
export class EndingSuccessor implements Successor {
  /** Where it is made. */
  goesTo = nowhere;
  /** Whence. */
  comesFrom: Int32Array = new Int32Array(0);
  readonly #fields: number;
  readonly #lines: Lines;
  readonly #conditions: ConditionLines;
  readonly #loose: readonly LoosePermits[];
  readonly #isFree: (lock: string) => boolean;

  /** @param isFree whether a lock is, in the state that it comes from */
  constructor(fields: number, lines: Lines, conditions: ConditionLines, loose: readonly LoosePermits[], isFree: (lock: string) => boolean) {
    this.#fields = fields;
    this.#lines = lines;
    this.#conditions = conditions;
    this.#loose = loose;
    this.#isFree = isFree;
  }

  get(field: number): number {
    return this.goesTo.get(field);
  }

  set(field: number, value: number): void {
    this.goesTo.set(field, value);
  }

  reach(transition: number): void {
    const ended = this.goesTo.get(endedField);
    if (ended !== 0) {
      for (let field = 0; field < this.#fields; field += 1) this.goesTo.set(field, 0);
      this.goesTo.set(endedField, ended);
    } else {
      if (this.#loose.length > 0) moveUpAges(this.#loose, this.goesTo);
      if (!this.#lines.isEmpty) this.#lines.moveUp(this.goesTo);
      if (!this.#conditions.isEmpty) this.#conditions.moveUp(this.comesFrom, this.goesTo, this.#isFree);
    }
    this.goesTo.reach(transition);
  }
}
