import { strongComponents } from '../plan/strong-components.ts';
import type { ActorWorld } from './actor-world.ts';
import { alwaysGiven } from './always-given.ts';
import type { ActorGraph } from './find-locations.ts';
import { finiteQueues } from './finite-queues.ts';
import { leavesForCertain } from './leaves-for-certain.ts';
import type { Choice, Location } from './location.ts';
import { deedsOf, type Doer } from './may-still.ts';
import type { Deed } from './model.ts';
import { robbedAt } from './robbed-at.ts';
import { servedAt, waitsInLine } from './waits-in-line.ts';
import { type Obligation, waitedFor, type Waits } from './waited-for.ts';

/**
 * Whether there is an order of all that is waited for, so that whoever owes one thing waits only for
 * things behind it. Then nothing can get stuck: a blocked actor waits for something that one who lives
 * owes, who is not at its end and so is blocked itself, on something further behind, and so on without
 * end. It generalises the order of locks, and costs no search.
 */
export interface OrderCertificate {
  readonly isProof: boolean;
  /** Where there is no order: what is owed and waited for in a circle. A deadlock, if there is one, is among these. */
  readonly circles: readonly (readonly Obligation[])[];
}

/** Looks for the order. */
export function certifyOrder(world: ActorWorld): OrderCertificate {
  return new Obligations(world).certify();
}

/** A location of an actor where it waits. */
interface Waiting {
  readonly actor: number;
  readonly graph: ActorGraph;
  readonly at: number;
  readonly location: Location;
  readonly isAsleep: boolean;
  readonly on: readonly Obligation[];
}

class Obligations {
  readonly #world: ActorWorld;
  /** Of what is owed and what is waited for meanwhile: the locks that are held wherever that is so. */
  readonly #edges = new Map<Obligation, Map<Obligation, ReadonlySet<string>>>();
  /** All that somebody waits for, those included who are asleep. */
  readonly #targets = new Set<Obligation>();
  readonly #awaited = new Set<Obligation>();
  /** What somebody owes and never gives. */
  readonly #neverGiven = new Set<Obligation>();
  readonly #finite: ReadonlySet<string>;
  /** Semaphores that somebody refills for ever: only he owes of them, and not who holds some. */
  readonly #given: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each actor, what it ever does. */
  readonly #doings: readonly { readonly deed: Deed; readonly doer: Doer }[][];
  /** Those who wait for somebody to start them. */
  readonly #idle: ReadonlySet<string>;
  /** For what those may wait, all in all, who wait in a line for something. */
  readonly #inLine: ReadonlyMap<string, readonly Obligation[]>;
  #isSound = true;

  constructor(world: ActorWorld) {
    this.#world = world;
    this.#finite = finiteQueues(world.graphs);
    this.#given = alwaysGiven(world, this.#finite);
    this.#inLine = waitsInLine(world);
    this.#doings = world.graphs.map(() => []);
    this.#idle = new Set(world.graphs.filter(({ started }) => started > 0).map(({ name }) => name));
  }

  certify(): OrderCertificate {
    const { graphs, may } = this.#world;
    for (const [deed, doers] of may.deeds) for (const doer of doers) this.#doings[doer.actor]?.push({ deed, doer });
    // One that nobody ever starts does nothing, and nobody waits for it in vain.
    const active = new Set([...graphs.keys()].filter((actor) => graphs[actor]?.started === 0 || may.deeds.has(`start:${graphs[actor]?.name ?? ''}`)));
    const waiting = [...active].flatMap((actor) => this.#waitsOf(actor));
    for (const wait of waiting) this.#addOwed(wait);
    for (const actor of active) this.#findNeverGiven(actor);
    const circles = this.#circles();
    const isGiven = [...this.#neverGiven].every((obligation) => !this.#awaited.has(obligation));
    return { isProof: this.#isSound && isGiven && circles.length === 0, circles };
  }

  /** Where an actor waits, and for what, which is noted as waited for. */
  #waitsOf(actor: number): readonly Waiting[] {
    const graph = this.#world.graphs[actor];
    if (graph === undefined) return [];
    // What has to end is waited for by the run.
    if (!graph.isDaemon && graph.canEnd) this.#awaited.add(`exit:${graph.name}`);
    return graph.locations.flatMap((location, at): readonly Waiting[] => {
      const isAsleep = at < graph.started || location.outcome !== null;
      // There is no way on from what it could never have, whatever the others do.
      if (location.waitsInVain !== undefined && location.choices.length === 0) this.#isSound = false;
      const begin: Obligation = `begin:${graph.name}`;
      const waits: Waits | null = isAsleep ? { on: [begin], needed: [begin], isOwed: true } : waitedFor(location, this.#world.resources, (name) => this.#idle.has(name), (name) => this.#given.has(name));
      if (waits === null || waits.needed.length === 0) return [];
      if (!waits.isOwed) this.#isSound = false;
      const on = isAsleep ? waits.needed : [...new Set([...waits.needed, ...servedAt(location).flatMap(({ name }) => this.#inLine.get(name) ?? [])])];
      for (const target of on) {
        this.#targets.add(target);
        if (!isAsleep) this.#awaited.add(target);
      }
      return [{ actor, graph, at, location, isAsleep, on }];
    });
  }

  /** What is owed meanwhile; what nobody waits for is in no circle. */
  #addOwed({ actor, graph, at, location, isAsleep, on }: Waiting): void {
    const deeds = (this.#doings[actor] ?? []).flatMap(({ deed, doer }) => {
      const can = isAsleep ? doer.ifStarted[at] : doer.can[at];
      return can === 1 && !isIdleGet(deed, doer.onlyGets[at] === 1) && !isGetHere(deed, location) ? obligationsOfDeed(deed) : [];
    });
    const owed = [...this.#ownObligations(graph, location, this.#targets), ...this.#refills(graph), ...deeds.filter((obligation) => this.#targets.has(obligation))];
    if (owed.length > 0) this.#add(owed, on, this.#gatesOf(location));
  }

  /** Locks that nobody else has meanwhile. */
  #gatesOf({ held }: Location): ReadonlySet<string> {
    const isGate = (name: string): boolean => {
      const resource = this.#world.resources.get(name);
      return resource?.kind === 'permits' && resource.permits === 1 && resource.loose !== 'growing';
    };
    return new Set([...held.keys()].filter(isGate));
  }

  #add(owed: readonly Obligation[], on: readonly Obligation[], gates: ReadonlySet<string>): void {
    for (const target of on) {
      for (const obligation of owed) {
        if (isImpossiblePair(obligation, target)) continue;
        const targets = this.#edges.get(obligation) ?? new Map<Obligation, ReadonlySet<string>>();
        const before = targets.get(target);
        targets.set(target, before === undefined ? gates : common(before, gates));
        this.#edges.set(obligation, targets);
      }
    }
  }

  /** What it refills for ever; that it comes to that is known already. */
  #refills({ name }: ActorGraph): readonly Obligation[] {
    return [...this.#given].flatMap(([semaphore, who]): readonly Obligation[] => (who.has(name) ? [`held:${semaphore}`] : []));
  }

  #ownObligations(graph: ActorGraph, location: Location, wanted: ReadonlySet<Obligation>): readonly Obligation[] {
    const own = ownObligations(graph, location, wanted);
    return this.#given.size === 0 ? own : own.filter((obligation) => !obligation.startsWith('held:') || !this.#given.has(split(obligation)[1]));
  }

  /** What an actor owes at a location, or may still do from there, and may go on for ever without giving it. */
  #findNeverGiven(actor: number): void {
    const graph = this.#world.graphs[actor];
    if (graph === undefined || onlyGoesOn(graph)) return;
    const owed = graph.locations.map((location) => new Set(this.#ownObligations(graph, location, this.#awaited)));
    const reached = new Set([graph.started, ...(this.#world.may.deeds.has(`start:${graph.name}`) ? [graph.startedAgain] : [])]);
    for (const at of reached) for (const target of [...(graph.locations[at]?.choices ?? []).map((choice) => choice.target), ...robbedAt(graph, at)]) reached.add(target);
    const isGiven = (isDue: (at: number) => boolean, givesBy: (choice: Choice) => boolean): boolean => {
      const leaves = leavesForCertain(graph, (at) => !isDue(at), givesBy, ({ act }) => act.do === 'get' && this.#finite.has(act.queue));
      return [...reached].every((at) => leaves[at] === true);
    };
    for (const name of new Set(owed.flatMap((own) => [...own]))) {
      if (!isGiven((at) => owed[at]?.has(name) === true, () => false)) this.#neverGiven.add(name);
    }
    for (const { deed, doer } of this.#doings[actor] ?? []) {
      if (!obligationsOfDeed(deed).some((obligation) => this.#awaited.has(obligation))) continue;
      if (isGiven((at) => doer.can[at] === 1, (choice) => deedsOf(choice).includes(deed))) continue;
      for (const obligation of obligationsOfDeed(deed)) this.#neverGiven.add(obligation);
    }
  }

  #circles(): readonly (readonly Obligation[])[] {
    const nodes = [...new Set([...this.#edges].flatMap(([from, targets]) => [from, ...targets.keys()]))];
    const numbers = new Map(nodes.map((node, index) => [node, index]));
    const lists = nodes.map((node) => [...(this.#edges.get(node)?.keys() ?? [])].map((target) => numbers.get(target) ?? 0));
    return strongComponents(lists)
      .filter((component) => component.length > 1 || component.some((node) => lists[node]?.includes(node) === true))
      .map((component) => component.flatMap((node) => nodes[node] ?? []))
      .filter((circle) => !this.#isBehindGate(circle));
  }

  /** One lock is held by whoever takes part in a circle, which takes two at least: so there are none. */
  #isBehindGate(circle: readonly Obligation[]): boolean {
    const members = new Set(circle);
    let gates: ReadonlySet<string> | null = null;
    for (const from of circle) {
      for (const [target, held] of this.#edges.get(from) ?? []) {
        // This one may be alone in it.
        if (target === from) return false;
        if (members.has(target)) gates = gates === null ? held : common(gates, held);
      }
    }
    return gates !== null && gates.size > 0;
  }
}

function common(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  return left.size === 0 ? left : new Set([...left].filter((name) => right.has(name)));
}

/** Whoever waits for an item of a queue that it also puts into does not keep it from its end. */
function isIdleGet(deed: Deed, onlyGets: boolean): boolean {
  return onlyGets && deed.startsWith('put:');
}

/**
 * Whoever waits for the next item of a queue does not wait while there is one, so that it is nobody's fault there that something in it is not
 * done, or that it is full. Whether it is his turn is up to others of whom the same is owed: a slot of the same pool that waits for what its
 * task is to hold, or the queue that a task of the same pool is next from, where he waits as well.
 */
function isGetHere(deed: Deed, { choices }: Location): boolean {
  return deed.startsWith('get:') && choices.some(({ act, unless }) => act.do === 'get' && deed === `get:${act.queue}` && (unless === undefined || choices.some((other) => endsWith(other, unless))));
}

/** It goes on as soon as this event is set. */
function endsWith({ act, unless }: Choice, event: string): boolean {
  return unless === undefined && act.do === 'await' && act.facts.every((fact) => fact.type === 'event' && fact.event === event);
}

/** A queue is never full and empty; and whoever has come to a barrier is none of those who are yet to come. */
function isImpossiblePair(owed: Obligation, target: Obligation): boolean {
  const [kind, name] = split(owed);
  const [otherKind, otherName] = split(target);
  if (name !== otherName) return false;
  return (kind === 'item' && otherKind === 'space') || (kind === 'space' && otherKind === 'item') || (kind === 'barrier' && otherKind === 'barrier');
}

function split(obligation: Obligation): readonly [string, string] {
  const colon = obligation.indexOf(':');
  return [obligation.slice(0, colon), obligation.slice(colon + 1)];
}

function obligationsOfDeed(deed: Deed): readonly Obligation[] {
  const name = deed.slice(deed.indexOf(':') + 1);
  switch (deed.slice(0, deed.indexOf(':'))) {
    case 'set':
      return [`event:${name}`];
    case 'put':
      return [`item:${name}`];
    case 'get':
      return [`space:${name}`, `done:${name}`];
    case 'wait':
      return [`barrier:${name}`];
    case 'notify':
      return [`notify:${name}`];
    default:
      return [`begin:${name}`];
  }
}

/** What of `wanted` an actor owes by being where it is, whatever it still does. */
function ownObligations({ name }: ActorGraph, { held, inHand, stage, outcome }: Location, wanted: ReadonlySet<Obligation>): readonly Obligation[] {
  if (outcome !== null) return [];
  const owed: Obligation[] = [`exit:${name}`];
  if (stage === 'before') owed.push(`start:${name}`);
  if (stage !== 'ready') owed.push(`ready:${name}`);
  for (const limit of held.keys()) owed.push(`held:${limit}`);
  for (const queue of inHand.keys()) owed.push(`done:${queue}`);
  return owed.filter((obligation) => wanted.has(obligation));
}

/** There is no loop, so that whatever is owed is given as long as no wait is for ever. */
function onlyGoesOn({ locations, robbed }: ActorGraph): boolean {
  return robbed.size === 0 && locations.every(
    ({ choices, outcome }, at) => outcome !== null || (choices.length > 0 && choices.every(({ act, target }) => act.do !== 'get' && (target > at || (locations[target]?.outcome ?? null) !== null))),
  );
}
