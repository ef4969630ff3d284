/*
 * What a first look at all waits seems to show may be wrong by what is still on its way: an answer of the
 * broker that the engine has yet to hear. So a conclusion counts only where the next look shows the very
 * same, made when an echo has come back, which everything that was on its way then comes before.
 */

/** Units that seem to be stuck, each with the questions that it waits in. */
export type Suspects = ReadonlyMap<string, string>;

/** Which conclusions of the look under way are those of the look before the echo as well. */
export class SecondLook {
  #number = 0;
  #conclusionsBefore: ReadonlySet<string> = new Set();
  #suspectsBefore: Suspects | null = null;
  #conclusions = new Set<string>();
  #suspects: Suspects | null = null;

  /** Of the look under way, and of the echo to ask for at its end. */
  get number(): number {
    return this.#number;
  }

  /** It has come to a conclusion that is not certain yet. */
  get isInDoubt(): boolean {
    return this.#conclusions.size > 0 || this.#suspects !== null;
  }

  /** Somebody seems to be stuck: fewer at each look after an echo. */
  get hasSuspects(): boolean {
    return this.#suspects !== null;
  }

  /** Who seemed to be stuck before the echo; everybody else, and whoever was answered since, counts as one who goes on. */
  get suspects(): Suspects | null {
    return this.#suspectsBefore;
  }

  /** Begins a look, after the echo of the look with that number, or on its own. */
  begin(echo: number | null): void {
    const isAfterEcho = echo === this.#number;
    this.#conclusionsBefore = isAfterEcho ? this.#conclusions : new Set();
    this.#suspectsBefore = isAfterEcho ? this.#suspects : null;
    this.#conclusions = new Set();
    this.#suspects = null;
    this.#number += 1;
  }

  /** Whether the same was concluded before the echo; `conclusion` says all that it rests on. */
  isCertain(conclusion: string): boolean {
    if (this.#conclusionsBefore.has(conclusion)) return true;
    this.#conclusions.add(conclusion);
    return false;
  }

  /**
   * Whether these are stuck for certain: all who seemed so before the echo, of whom none has been answered,
   * where everybody else was taken for one who goes on. Fewer of them are looked at once more; so there are
   * ever fewer, until they are certain or none.
   */
  areCertain(stuck: Suspects): boolean {
    if (stuck.size === this.#suspectsBefore?.size) return true;
    this.#suspects = stuck;
    return false;
  }
}
