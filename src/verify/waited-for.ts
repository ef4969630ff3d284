import type { Location } from './location.ts';
import type { Fact, Resource } from './model.ts';

/** Something that somebody waits for and somebody else owes, as a node of the graph of obligations. */
export type Obligation = `${'held' | 'event' | 'barrier' | 'notify' | 'item' | 'space' | 'done' | 'begin' | 'start' | 'ready' | 'exit'}:${string}`;

/** What a location waits for. */
export interface Waits {
  readonly on: readonly Obligation[];
  /** Those of them to look at: where some end the wait for certain, not what only may end it sooner, as that a pool is halted. */
  readonly needed: readonly Obligation[];
  /** Of at least one of them it is sure that somebody who lives owes it: otherwise the wait would end. */
  readonly isOwed: boolean;
}

/**
 * What an actor waits for at a location; null where it can go on whatever the others do.
 *
 * @param isGiven of a semaphore that somebody refills for ever
 */
export function waitedFor(location: Location, resources: ReadonlyMap<string, Resource>, isIdle: (actor: string) => boolean, isGiven: (name: string) => boolean = () => false): Waits | null {
  const { choices, held } = location;
  const on: Obligation[] = [];
  const sooner: Obligation[] = [];
  let isOwed = false;
  const finds = (test: (act: Location['choices'][number]['act']) => boolean): boolean => choices.some(({ act }) => test(act));
  const findsImpossible = (fact: Fact): boolean =>
    finds((act) => act.do === 'find_impossible' && act.facts.some((other) => JSON.stringify(other) === JSON.stringify(fact)));
  for (const { act } of choices) {
    switch (act.do) {
      case 'acquire':
      case 'served':
        on.push(...act.demands.flatMap(({ name }): readonly Obligation[] => (isHeldAgain(resources.get(name), held) ? [] : [`held:${name}`])));
        // Of what can never be had nobody owes enough; nor of what one only gets if others take off it what it has, or there come to be more.
        isOwed ||= (act.do === 'acquire' || !act.isHopeless) && act.demands.every(({ name, permits }) => (isGiven(name) ? canBeRefilled(resources.get(name), permits) : isThere(resources.get(name), (held.get(name) ?? 0) + permits)));
        break;
      case 'await': {
        const comes = act.facts.every((fact) => (fact.type === 'moment' && fact.moment === 'exit' && !fact.actors.some(isIdle)) || findsImpossible(fact));
        (comes ? on : sooner).push(...act.facts.flatMap(obligationsOf));
        isOwed ||= comes;
        break;
      }
      case 'get':
        on.push(`item:${act.queue}`);
        isOwed ||= finds((other) => other.do === 'find_end' && other.queues.includes(act.queue));
        break;
      case 'put': {
        const resource = resources.get(act.queue);
        if (resource?.kind === 'queue' && (resource.capacity === null || hasRoomForAll(act.queue))) return null;
        on.push(`space:${act.queue}`);
        isOwed ||= finds((other) => other.do === 'find_broken_queue' && other.queue === act.queue);
        break;
      }
      case 'woken': {
        const { by } = act;
        const kind = resources.get(by)?.kind;
        if (kind === 'barrier') on.push(`barrier:${by}`);
        else on.push(kind === 'event' ? `event:${by}` : `notify:${by}`);
        isOwed ||= finds(
          (other) =>
            (other.do === 'find_broken_barrier' && other.barrier === by) ||
            (other.do === 'find_unnotifiable' && other.condition === by) ||
            (other.do === 'find_impossible' && other.facts.some((fact) => fact.type === 'event' && fact.event === by)),
        );
        break;
      }
      case 'find_impossible':
      case 'find_broken_barrier':
      case 'find_unnotifiable':
      case 'find_end':
      case 'find_broken_queue':
        // They end a wait that nobody owes anything to.
        break;
      default:
        return null;
    }
  }
  const all = [...on, ...sooner];
  return { on: all, needed: isOwed ? on : all, isOwed };
}

/** What is given back comes off whoever holds some, be it of that, or is one more where there is no bound. */
function canBeRefilled(resource: Resource | undefined, permits: number): boolean {
  return resource?.kind === 'permits' && (resource.loose === 'growing' || permits <= resource.permits);
}

/** Results of a pool wait there for their turn: it has a capacity only where it is known how many there are, and that is it. */
function hasRoomForAll(queue: string): boolean {
  return queue.startsWith('.results.');
}

/** There is as much of it all in all, if it is not known that nobody waits for more. */
function isThere(resource: Resource | undefined, permits: number): boolean {
  return resource?.kind !== 'permits' || resource.loose === undefined || permits <= resource.permits;
}

/** Whoever is inside of it need not wait for it. */
function isHeldAgain(resource: Resource | undefined, held: Location['held']): boolean {
  return resource?.kind === 'permits' && resource.reentrant && held.has(resource.name);
}

function obligationsOf(fact: Fact): readonly Obligation[] {
  switch (fact.type) {
    case 'event':
      return [`event:${fact.event}`];
    case 'all_done':
      return [`done:${fact.queue}`];
    case 'moment': {
      const moment = fact.moment === 'start' || fact.moment === 'ready' ? fact.moment : 'exit';
      return fact.actors.map((actor): Obligation => `${moment}:${actor}`);
    }
  }
}
