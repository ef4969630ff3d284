import type { Demand } from '../../sync/operation.ts';
import type { LooseHolder, LoosePermits } from '../loose-permits.ts';
import type { ModelSystem } from '../model-system.ts';
import type { PromelaNames } from './promela-names.ts';

/** Semaphores of which somebody gives back what he does not hold, in Promela. How many more there are is told by what is left and who holds what. */
export class PromelaLoose {
  readonly #system: ModelSystem;
  readonly #names: PromelaNames;

  constructor(system: ModelSystem, names: PromelaNames) {
    this.#system = system;
    this.#names = names;
  }

  declarations(): readonly string[] {
    const ordered = this.#all().filter(isOrdered);
    return [...(ordered.length === 0 ? [] : ['hidden int oldest;']), ...ordered.map(({ name }) => `int ages_${this.#names.of(name)}[${this.#system.graphs.length}];`)];
  }

  /** What cannot be written; null where all can. */
  refusal(): string | null {
    const far = this.#all().find(({ more, isRough }) => isRough || (more !== null && !more.isAll));
    return far === undefined ? null : `all permits that there may come to be of ${far.name}, or who has held one longest`;
  }

  clear(): readonly string[] {
    return this.#all().filter(isOrdered).flatMap(({ name, holders }) => holders.map(({ actor }) => `${this.#ages(name, actor)} = 0`));
  }

  /** What changes with a move from one location to another: what has been held longest goes first. */
  moveUp(actor: number, from: number, to: number): readonly string[] {
    return this.#all().filter(isOrdered).flatMap(({ name, holders }) => {
      const own = holders.find((holder) => holder.actor === actor);
      const change = (own?.held[to] ?? 0) - (own?.held[from] ?? 0);
      const ages = this.#ages(name, actor);
      const all = holders.map((holder) => this.#ages(name, holder.actor));
      if (change >= 0) return Array.from({ length: change }, () => `${ages} = ${ages} | ((${all.join(' | ')}) + 1)`);
      const closed = all.map((each) => `${each} = (${each} & (oldest - 1)) | ((${each} >> 1) & ~(oldest - 1))`);
      return Array.from({ length: -change }, () => [`oldest = ${ages} & (-${ages})`, `${ages} = ${ages} & ~oldest`, ...closed]).flat();
    });
  }

  /** Whether it is refused to somebody to give back what he lacks there. */
  isRefused(actor: number, at: number, lacks: readonly Demand[]): string {
    const refused = lacks.flatMap(({ name, permits }) => {
      const own = this.#system.graphs[actor]?.locations[at]?.held.get(name) ?? 0;
      return this.#all().flatMap((loose) => (loose.name === name && loose.more === null ? [`${this.#names.of(name)} > ${loose.permits - own - permits}`] : []));
    });
    return refused.length === 0 ? 'false' : `(${refused.join(' || ')})`;
  }

  /** What comes off others of what somebody gives back, or is one more, one permit after the other. */
  takeOff(actor: number, lacks: readonly Demand[], oneLess: (victim: number, at: number, to: number) => readonly string[]): readonly string[] {
    return lacks.flatMap(({ name, permits }) => {
      const loose = this.#all().find((one) => one.name === name);
      if (loose === undefined) return [];
      const others = loose.holders.filter((holder) => holder.actor !== actor);
      const ages = others.map((holder) => this.#ages(name, holder.actor)).join(' | ');
      const begins = isOrdered(loose) ? [`oldest = (${ages}) & (-(${ages}))`] : [];
      const ways = others.flatMap((holder) => this.#waysOff(loose, holder, oneLess));
      const none = loose.more === null ? 'skip' : `${this.#names.of(name)} = ${this.#names.of(name)} + 1`;
      return Array.from({ length: permits }, () => [...begins, `if ${[...ways, `:: else -> ${none}`].join(' ')} fi`]).flat();
    });
  }

  #waysOff(loose: LoosePermits, holder: LooseHolder, oneLess: (victim: number, at: number, to: number) => readonly string[]): readonly string[] {
    const { actor } = holder;
    const isHe = isOrdered(loose) ? `(${this.#ages(loose.name, actor)} & oldest) != 0 && ` : '';
    return [...holder.held.keys()]
      .filter((at) => (holder.held[at] ?? 0) > 0)
      .map((at) => `:: ${isHe}${this.#names.at(actor)} == ${at} -> ${oneLess(actor, at, holder.robbed[at] ?? at).join('; ')}`);
  }

  #ages(name: string, actor: number): string {
    return `ages_${this.#names.of(name)}[${actor}]`;
  }

  #all(): readonly LoosePermits[] {
    return this.#system.layout.loose;
  }
}

function isOrdered({ holders }: LoosePermits): boolean {
  return holders.some(({ agesField }) => agesField !== null);
}
