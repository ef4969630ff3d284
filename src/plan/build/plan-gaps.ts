import type { Place } from '../../base/place.ts';
import { anyKey, Gaps, type GapNode } from '../../spec/gaps.ts';
import { actingSections, hiddenDeeds, hidesParties, type Deed } from './hidden-deeds.ts';
import { hidesSteps } from './hides-steps.ts';

/**
 * What a plan lacks because something is wrong with its spec: what could not be read, and what stands
 * for nothing. A check that concludes from what a plan does not say asks here first, so that one fault
 * is reported once and hides no other.
 */
export class PlanGaps {
  readonly #read: Gaps;
  readonly #built = new Gaps();
  readonly #unresolved = new Set<Deed>();

  constructor(read: Gaps) {
    this.#read = read;
  }

  /** How many times the building found something missing. */
  get count(): number {
    return this.#built.count;
  }

  /** Nothing is missing. */
  get isEmpty(): boolean {
    return this.#read.count === 0 && this.#built.count === 0;
  }

  /** What stands at this place is missing in the plan. */
  add(place: Place): void {
    this.#built.add(place);
  }

  /** The thing that somebody does this to, as is written at this place, could not be told. */
  addDeed(place: Place, deed: Deed | null): void {
    this.#built.add(place);
    if (deed !== null) this.#unresolved.add(deed);
  }

  /** What is missing at and below a place, in the text and in the plan; empty where nothing is. */
  at(place: Place): readonly GapNode[] {
    return this.isEmpty ? [] : [this.#read.at(place), this.#built.at(place)].filter((node) => node !== undefined);
  }

  /** Whether anything at or below a place is missing. */
  isIn(place: Place): boolean {
    return this.at(place).length > 0;
  }

  /** Whether more may be meant under a key of a mapping than the plan knows. */
  mayLack(place: Place, key: string): boolean {
    if (this.isEmpty) return false;
    return this.isIn([...place, key]) || this.#read.at(place)?.isGap === true || this.isIn([...place, anyKey]);
  }

  /** The names in a section of which no more is known. */
  unreadNames(section: string): readonly string[] {
    if (this.isEmpty) return [];
    return [...(this.#read.at([section])?.children ?? [])].flatMap(([name, { isGap }]) => (isGap && typeof name === 'string' ? [name] : []));
  }

  /** Whether a list of steps, or one inside, may have more steps or variables than could be read. */
  hidesSteps(place: Place): boolean {
    const list = this.isEmpty ? undefined : this.#read.at(place);
    return list !== undefined && hidesSteps(list);
  }

  /** Whether a list of steps, or one inside, has more steps or variables than the plan. */
  lacksSteps(place: Place): boolean {
    const list = this.isEmpty ? undefined : this.#built.at(place);
    return this.hidesSteps(place) || (list !== undefined && hidesSteps(list));
  }

  /** Whether a process, daemon or pool may be missing altogether. */
  get hidesWorks(): boolean {
    if (this.isEmpty) return false;
    return [...actingSections, 'include', anyKey].some((section) => this.#read.at([section])?.isGap === true || this.unreadNames(section).length > 0);
  }

  /** Whether a missing part may do this; to what, nobody knows. */
  mayHide(deed: Deed): boolean {
    if (this.isEmpty) return false;
    const [read, built] = [this.#read.at([]), this.#built.at([])];
    if (deed === 'wait' && built !== undefined && hidesParties(built)) return true;
    return this.#unresolved.has(deed) || (read !== undefined && hiddenDeeds(read).has(deed));
  }
}
