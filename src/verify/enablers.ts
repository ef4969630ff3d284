import { compileFact, type CompiledFact } from './facts.ts';
import { poolHeldFor } from './fellow-slots.ts';
import type { GrowingSet } from './growing-set.ts';
import type { Choice } from './location.ts';
import { lacksOf } from './lacking-permits.ts';
import { backwardsReach, type Doer } from './may-still.ts';
import type { Deed, Fact } from './model.ts';
import type { ModelSystem } from './model-system.ts';
import { isOfTasks } from './next-task.ts';

/** Who may hold a lock or semaphore, and how much where. */
interface Holder {
  readonly actor: number;
  readonly field: number;
  readonly held: Int32Array;
}

/**
 * Who can let an actor do what it cannot do in a state: as long as none of these moves, it still cannot. Those who can start or stop
 * somebody are left out, since they are followed anyway.
 */
export class Enablers {
  readonly #model: ModelSystem;
  readonly #holders = new Map<string, Holder[]>();
  /** Who can still give back what he does not hold, as long as nobody has done so before. */
  readonly #givers = new Map<string, Pick<Doer, 'actor' | 'can'>[]>();
  readonly #facts = new Map<Fact, CompiledFact>();

  constructor(model: ModelSystem) {
    this.#model = model;
    for (const [actor, { locations }] of model.graphs.entries()) {
      const givesBack = model.layout.loose.length === 0 ? new Map<string, Uint8Array>() : backwardsReach({ locations, robbed: new Map() }, ({ act }) => lacksOf(act).map(({ name }) => name), () => []);
      for (const [name, can] of givesBack) this.#givers.set(name, [...(this.#givers.get(name) ?? []), { actor, can }]);
      for (const name of new Set(locations.flatMap(({ held }) => [...held.keys()]))) {
        const resource = model.resources.get(name);
        const isReentrant = resource?.kind === 'permits' && resource.reentrant;
        const held = Int32Array.from(locations, (location) => Math.min(location.held.get(name) ?? 0, isReentrant ? 1 : Infinity));
        this.#holders.set(name, [...(this.#holders.get(name) ?? []), { actor, field: model.layout.actorField(actor), held }]);
      }
    }
  }

  /** Who may move an actor that does not do so itself: whoever lets it go on where it waits, or starts it. */
  addMoversOf(actor: number, location: number, asked: GrowingSet): void {
    const graph = this.#model.graphs[actor];
    const choices = graph?.locations[location]?.choices ?? [];
    if (choices.length === 0) this.#addDoers(`start:${graph?.name ?? ''}`, asked);
    for (const { act } of choices) {
      if (act.do !== 'woken') continue;
      const { by } = act;
      const kind = this.#model.resources.get(by)?.kind;
      if (kind === 'barrier') this.#addDoers(`wait:${by}`, asked);
      else this.#addDoers(kind === 'event' ? `set:${by}` : `notify:${by}`, asked);
    }
  }

  add(actor: number, { act }: Choice, asked: GrowingSet): void {
    // Whether that is refused is up to all who hold some.
    for (const { name } of lacksOf(act)) this.#addAllAt(name, asked);
    switch (act.do) {
      case 'acquire':
        this.#addHolders(actor, act.demands, asked);
        for (const other of this.#model.conditions.before(actor, asked.state)) asked.add(other);
        break;
      case 'await': {
        const missing = act.facts.filter((fact) => !this.#compiled(fact).isTrue(asked.state));
        addBest(missing, asked, (fact, some) => {
          this.#addWhoMakesTrue(fact, some);
        });
        break;
      }
      case 'await_pulse':
        this.#addDoers(`set:${act.event}`, asked);
        break;
      case 'find_impossible':
        for (const fact of act.facts) this.#addWhoMakesImpossible(fact, asked);
        break;
      case 'get':
        this.#addDoers(`put:${act.queue}`, asked);
        // Others may have to be taken before.
        for (const other of this.#model.layout.orderOf(act.queue)?.labels.keys() ?? []) this.#addDoers(`get:${other}`, asked);
        if (poolHeldFor(act) !== null) for (const fellow of this.#model.fellows.of(actor)) asked.add(fellow.actor);
        break;
      case 'put':
        this.#addDoers(`get:${act.queue}`, asked);
        break;
      case 'find_end':
        this.#addWhoEndsOne(act.queues, asked);
        break;
      case 'find_broken_queue':
        if (act.once === undefined) this.#addSomeDoers(`get:${act.queue}`, 1, asked, isOfTasks(act.queue));
        else this.#addDoers(`set:${act.once}`, asked);
        break;
      case 'find_unnotifiable':
        this.#addSomeDoers(`notify:${act.condition}`, 1, asked);
        break;
      case 'find_broken_barrier': {
        const resource = this.#model.resources.get(act.barrier);
        this.#addSomeDoers(`wait:${act.barrier}`, resource?.kind === 'barrier' ? resource.parties : 1, asked);
        break;
      }
      case 'start':
        for (const name of act.actors) asked.add(this.#model.layout.actorNamed(name));
        break;
      default:
        // The others are always possible, or only after somebody was started or an event was cleared.
        break;
    }
  }

  /** Those who hold something of what is missing have to let go of it. */
  #addAllAt(name: string, asked: GrowingSet): void {
    for (const holder of this.#holders.get(name) ?? []) asked.add(holder.actor);
  }

  #addHolders(actor: number, demands: readonly { readonly name: string; readonly permits: number }[], asked: GrowingSet): void {
    const { state } = asked;
    const missing: (readonly Pick<Holder, 'actor'>[])[] = [];
    for (const { name, permits } of demands) {
      const holders = (this.#holders.get(name) ?? []).filter(({ field, held }) => (held[state[field] ?? 0] ?? 0) > 0);
      const held = holders.reduce((sum, { field, held: amounts }) => sum + (amounts[state[field] ?? 0] ?? 0), 0);
      const resource = this.#model.resources.get(name);
      const more = this.#model.layout.loose.find((one) => one.name === name)?.more ?? null;
      const all = resource?.kind === 'permits' ? resource.permits + (more === null ? 0 : (state[more.field] ?? 0)) : 0;
      const isMissing = resource?.kind === 'permits' && all - held < permits && !(resource.reentrant && holders.some((holder) => holder.actor === actor));
      if (isMissing) missing.push([...holders, ...(this.#givers.get(name) ?? []).filter((giver) => this.#isAt(giver, giver.can, asked))]);
    }
    const fewestFirst = missing.length < 2 ? missing : missing.toSorted((left, right) => left.length - right.length);
    addBest(fewestFirst, asked, (holders, { add }) => {
      for (const holder of holders) if (holder.actor !== actor) add(holder.actor);
    });
  }

  #addWhoMakesTrue(fact: Fact, asked: GrowingSet): void {
    switch (fact.type) {
      case 'event':
        this.#addDoers(`set:${fact.event}`, asked);
        break;
      case 'moment':
        for (const name of fact.actors) asked.add(this.#model.layout.actorNamed(name));
        break;
      case 'all_done':
        for (const [actor] of this.#model.graphs.entries()) asked.add(actor);
        break;
    }
  }

  #addWhoMakesImpossible(fact: Fact, asked: GrowingSet): void {
    switch (fact.type) {
      case 'event':
        if (!this.#compiled(fact).isTrue(asked.state)) this.#addSomeDoers(`set:${fact.event}`, 1, asked);
        break;
      case 'moment':
      case 'all_done':
        this.#addWhoMakesTrue(fact, asked);
        break;
    }
  }

  #addWhoEndsOne(queues: readonly string[], asked: GrowingSet): void {
    const { layout, may } = this.#model;
    for (const queue of queues) {
      if ((asked.state[layout.queueField(queue)] ?? 0) !== 0) {
        this.#addDoers(`get:${queue}`, asked);
        return;
      }
      const puts = (may.deeds.get(`put:${queue}`) ?? []).filter((doer) => may.puts(doer, asked.state, (own) => this.#itemsIn(own, asked), new Set([queue])));
      const first = puts.find(({ actor }) => asked.isMember(actor)) ?? puts.find(({ actor }) => asked.prefers?.(actor) === true) ?? puts[0];
      if (first === undefined) continue;
      asked.add(first.actor);
      this.#addWhoFeeds(first, asked, new Set([queue]));
      return;
    }
  }

  #itemsIn(queue: string, { state }: GrowingSet): number {
    return state[this.#model.layout.queueField(queue)] ?? 0;
  }

  /** Of a slot that waits for a task: whoever has to move before it is known that none comes. */
  #addWhoFeeds({ actor, idle }: Doer, asked: GrowingSet, seen: Set<string>): void {
    const { may } = this.#model;
    if (idle === null || !this.#isAt({ actor }, idle.at, asked)) return;
    for (const own of idle.queues) {
      if (this.#itemsIn(own, asked) > 0) {
        this.#addDoers(`get:${own}`, asked);
        return;
      }
      if (seen.has(own)) continue;
      seen.add(own);
      const feeder = (may.deeds.get(`put:${own}`) ?? []).find((doer) => may.puts(doer, asked.state, (queue) => this.#itemsIn(queue, asked), new Set(seen)));
      if (feeder === undefined) continue;
      asked.add(feeder.actor);
      this.#addWhoFeeds(feeder, asked, seen);
      return;
    }
  }

  /** All who can do it, or could if they were started. */
  #addDoers(deed: Deed, asked: GrowingSet): void {
    for (const doer of this.#model.may.deeds.get(deed) ?? []) if (this.#canStill(doer, asked)) asked.add(doer.actor);
  }

  /** So many of those who can do it: as long as none of them moves so many can. Those that are in the set anyway come first. `isKept`: also of those who take it no more. */
  #addSomeDoers(deed: Deed, count: number, asked: GrowingSet, isKept = false): void {
    const doers = (this.#model.may.deeds.get(deed) ?? []).filter((doer) => (isKept || !this.#takesNoMore(doer, asked)) && this.#canStill(doer, asked));
    const rank = ({ actor }: Doer): number => (asked.isMember(actor) ? 0 : 1 + Number(asked.prefers?.(actor) !== true));
    for (const { actor, until } of doers.toSorted((left, right) => rank(left) - rank(right)).slice(0, count)) {
      asked.add(actor);
      if (until !== null && !isKept) this.#addDoers(`set:${until}`, asked);
    }
  }

  #takesNoMore({ until }: Doer, { state }: GrowingSet): boolean {
    return until !== null && state[this.#model.layout.eventField(until)] === this.#model.layout.setsOf(until);
  }

  #canStill(doer: Doer, asked: GrowingSet): boolean {
    return this.#isAt(doer, doer.can, asked) || (this.#isAt(doer, doer.ifStarted, asked) && this.#model.may.canBeStarted(doer.actor, asked.state));
  }

  #isAt({ actor }: Pick<Doer, 'actor'>, marks: Uint8Array, { state }: GrowingSet): boolean {
    return marks[state[this.#model.layout.actorField(actor)] ?? 0] === 1;
  }

  #compiled(fact: Fact): CompiledFact {
    const known = this.#facts.get(fact);
    if (known !== undefined) return known;
    const { graphs, layout, may } = this.#model;
    const compiled = compileFact(fact, graphs, layout, may);
    this.#facts.set(fact, compiled);
    return compiled;
  }
}

/** Adds what one of several comes to, which is enough: the first that adds but preferred ones, or else the first. */
function addBest<Option>(options: readonly Option[], asked: GrowingSet, addFor: (option: Option, some: GrowingSet) => void): void {
  const { prefers } = asked;
  const isGood = (option: Option): boolean => {
    let isPreferred = true;
    addFor(option, {
      ...asked,
      add: (actor) => {
        isPreferred &&= prefers?.(actor) === true;
      },
    });
    return isPreferred;
  };
  const chosen = prefers === undefined || options.length < 2 ? options[0] : (options.find(isGood) ?? options[0]);
  if (chosen !== undefined) addFor(chosen, asked);
}
