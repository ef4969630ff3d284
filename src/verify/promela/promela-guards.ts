import type { Location } from '../location.ts';
import type { Doer } from '../may-still.ts';
import type { Deed, Fact } from '../model.ts';
import { hasReached } from '../facts.ts';
import { isOfTasks } from '../next-task.ts';
import type { Moment } from '../../plan/plan.ts';
import type { ModelSystem } from '../model-system.ts';
import { marked, type PromelaNames } from './promela-names.ts';

/** What has to be true of a state, as expressions of Promela. */
export class PromelaGuards {
  readonly #system: ModelSystem;
  readonly #names: PromelaNames;

  constructor(system: ModelSystem, names: PromelaNames) {
    this.#system = system;
    this.#names = names;
  }

  /** Somebody can still do it. */
  any(deed: Deed): string {
    return either(this.#doers(deed).map((doer) => this.can(doer)));
  }

  /** Somebody still does something with what is put into a queue, and be it to have it. */
  anyReceives(queue: string): string {
    return isOfTasks(queue) ? this.any(`get:${queue}`) : this.anyTakes(queue);
  }

  /** Somebody can still take from a queue. */
  anyTakes(queue: string): string {
    return either(this.#doers(`get:${queue}`).map((doer) => both([this.can(doer), ...(doer.until === null ? [] : [`${this.#names.of(doer.until)} != ${this.#system.layout.setsOf(doer.until)}`])])));
  }

  /** Somebody can still put who does not only wait for an item of this queue, or for a task that nobody can give it. */
  anyPuts(queue: string, asked: ReadonlySet<string> = new Set([queue])): string {
    return either(this.#doers(`put:${queue}`).map((doer) => both([this.can(doer), `!${this.#names.isAtOne(doer.actor, marked(doer.onlyGets))}`, ...this.#isFed(doer, asked)])));
  }

  #isFed({ actor, idle, ifStarted }: Doer, asked: ReadonlySet<string>): readonly string[] {
    if (idle === null) return [];
    const again = marked(ifStarted);
    const fed = idle.queues.flatMap((own) => [`${this.#names.of(own)} != 0`, ...(asked.has(own) ? [] : [this.anyPuts(own, new Set([...asked, own]))])]);
    return [either([`!${this.#names.isAtOne(actor, marked(idle.at))}`, ...(again.length === 0 ? [] : [both([this.#names.isAtOne(actor, again), this.canBeStarted(actor)])]), ...fed])];
  }

  /** How many can still do it. */
  count(deed: Deed): string {
    const counts = this.#doers(deed).map((doer) => `(${this.can(doer)} -> 1 : 0)`);
    return counts.length === 0 ? '0' : counts.join(' + ');
  }

  can(doer: Doer, asked: ReadonlySet<number> = new Set()): string {
    const { actor, can, ifStarted } = doer;
    const now = this.#names.isAtOne(actor, marked(can));
    const later = marked(ifStarted);
    if (later.length === 0 || asked.has(actor)) return now;
    return either([now, both([this.#names.isAtOne(actor, later), this.canBeStarted(actor, asked)])]);
  }

  canBeStarted(actor: number, asked: ReadonlySet<number> = new Set()): string {
    const name = this.#system.graphs[actor]?.name ?? '';
    const all = new Set([...asked, actor]);
    return either(this.#doers(`start:${name}`).map((doer) => this.can(doer, all)));
  }

  isTrue(fact: Fact): string {
    switch (fact.type) {
      case 'event':
        return `${this.#names.of(fact.event)} == ${this.#system.layout.setsOf(fact.event)}`;
      case 'all_done': {
        const busy = this.#system.graphs.map(({ locations }, actor) => this.#where(actor, locations, ({ inHand }) => inHand.has(fact.queue)));
        return both([`${this.#names.of(fact.queue)} == 0`, ...busy.map((one) => `!${one}`)]);
      }
      case 'moment': {
        const actors = fact.actors.map((name) => this.#names.actorNamed(name));
        if (fact.moment === 'failure') return both([...actors.map((actor) => this.#isOver(actor)), either(actors.map((actor) => this.#has(actor, 'failure')))]);
        return both(actors.map((actor) => this.#has(actor, fact.moment)));
      }
    }
  }

  isImpossible(fact: Fact): string {
    switch (fact.type) {
      case 'event':
        return both([`${this.#names.of(fact.event)} != ${this.#system.layout.setsOf(fact.event)}`, `!${this.any(`set:${fact.event}`)}`]);
      case 'all_done':
        return both([`${this.#names.of(fact.queue)} != 0`, `!${this.anyTakes(fact.queue)}`, ...this.begins(fact.unlessNever)]);
      case 'moment': {
        const actors = fact.actors.map((name) => this.#names.actorNamed(name));
        if (fact.moment === 'failure') {
          const allOver = both(actors.map((actor) => this.#isOver(actor)));
          const oneFailed = either(actors.map((actor) => this.#has(actor, 'failure')));
          return either([both([allOver, `!${oneFailed}`]), both([`!${allOver}`, either(actors.map((actor) => this.#neverStarts(actor)))])]);
        }
        return either(actors.map((actor) => both([`!${this.#has(actor, fact.moment)}`, either([this.#isOver(actor), this.#neverStarts(actor)])])));
      }
    }
  }

  /** That somebody has been started, or may still be; nothing of nobody. */
  begins(name: string | undefined): readonly string[] {
    return name === undefined ? [] : [`!${this.#neverStarts(this.#names.actorNamed(name))}`];
  }

  /** `orEnding`: also of one that others have ended. */
  isAlive(actor: number, orEnding = false): string {
    const { started = 0 } = this.#system.graphs[actor] ?? {};
    return this.#where(actor, this.#system.graphs[actor]?.locations ?? [], ({ outcome }, at) => (outcome === null && at >= started) || (orEnding && outcome === 'stopped'));
  }

  #isOver(actor: number): string {
    return this.#where(actor, this.#system.graphs[actor]?.locations ?? [], ({ outcome }) => outcome !== null);
  }

  #neverStarts(actor: number): string {
    const { started = 0 } = this.#system.graphs[actor] ?? {};
    return started === 0 ? 'false' : both([`${this.#names.at(actor)} < ${started}`, `!${this.canBeStarted(actor)}`]);
  }

  #has(actor: number, moment: Moment): string {
    return this.#where(actor, this.#system.graphs[actor]?.locations ?? [], (location) => hasReached(location, moment));
  }

  #where(actor: number, locations: readonly Location[], test: (location: Location, at: number) => boolean): string {
    return this.#names.isAtOne(actor, locations.flatMap((location, at) => (test(location, at) ? [at] : [])));
  }

  #doers(deed: Deed): readonly Doer[] {
    return this.#system.may.deeds.get(deed) ?? [];
  }
}

/** An expression that is true where all parts are. */
export function both(parts: readonly string[]): string {
  return parts.length === 0 ? 'true' : `(${parts.join(' && ')})`;
}

/** An expression that is true where one of the parts is. */
export function either(parts: readonly string[]): string {
  return parts.length === 0 ? 'false' : `(${parts.join(' || ')})`;
}
