import { Enablers } from './enablers.ts';
import { poolHeldFor } from './fellow-slots.ts';
import type { ActorGraph } from './find-locations.ts';
import type { GrowingSet } from './growing-set.ts';
import type { Choice } from './location.ts';
import { looseTouched } from './loose-permits.ts';
import { backwardsReach } from './may-still.ts';
import { givenBy } from './misses.ts';
import type { ModelSystem } from './model-system.ts';
import { quitPipes } from './quit-pipes.ts';
import { robbedAt } from './robbed-at.ts';
import { StrangeChoices } from './strange-choices.ts';

/** Somebody who can still do something from some of its locations. */
interface Doer {
  readonly actor: number;
  readonly field: number;
  readonly can: Uint8Array;
}

/** What a rival may do: `strange` is whatever may be at odds with anything. */
type Rivalry = 'strange' | `line:${number}` | `${'acquire' | 'loose' | 'put' | 'get' | 'end' | 'break' | 'quit' | 'wait' | 'set' | 'unless' | 'miss'}:${string}`;

/**
 * Who may be at odds with whom, as a table that is made once: two transitions are not, if wherever both are possible each stays possible
 * after the other, and both orders lead to the same state. What is not looked at in detail counts as being at odds with everything.
 */
export class Dependences {
  readonly #model: ModelSystem;
  readonly #doers = new Map<Rivalry, Doer[]>();
  readonly #strange: StrangeChoices;
  readonly #enablers: Enablers;
  /** Whether anybody waits for something in vain, of which others are told. */
  readonly #someMiss: boolean;
  /** Of each barrier, how many parties there can be, and for each actor where it comes to it for certain. */
  readonly #comes = new Map<string, { readonly parties: number; readonly doers: readonly Doer[] }>();

  constructor(model: ModelSystem) {
    this.#model = model;
    this.#strange = new StrangeChoices(model);
    this.#enablers = new Enablers(model);
    for (const [actor, graph] of model.graphs.entries()) {
      const field = model.layout.actorField(actor);
      for (const [rivalry, can] of backwardsReach(graph, (choice, from) => [...this.#rivalriesOf(choice), ...this.#looseOf(graph, from, choice).map((name): Rivalry => `loose:${name}`), ...quitPipes(model, graph, choice).map((pipe): Rivalry => `quit:${pipe}`)], () => [])) {
        this.#doers.set(rivalry, [...(this.#doers.get(rivalry) ?? []), { actor, field, can }]);
      }
    }
    this.#someMiss = [...this.#doers.keys()].some((rivalry) => rivalry.startsWith('miss:'));
    for (const [name, resource] of model.resources) {
      if (resource.kind !== 'barrier') continue;
      const doers = (this.#doers.get(`wait:${name}`) ?? []).map((doer) => ({ ...doer, can: comesForCertain(model.graphs[doer.actor], name, doer.can) }));
      this.#comes.set(name, { parties: resource.parties, doers });
    }
  }

  /** Whoever can still do something strange is followed with everybody. */
  addFollowersOfAny(asked: GrowingSet): void {
    this.#add('strange', asked);
  }

  /** Who may move an actor that does not do so itself. */
  addMoversOf(actor: number, location: number, asked: GrowingSet): void {
    this.#enablers.addMoversOf(actor, location, asked);
    // Whatever is done about a line is up to whatever else is done about it; and those in it are moved by all of that.
    for (const choice of this.#model.graphs[actor]?.locations[location]?.choices ?? []) for (const line of this.#model.lines.touchedBy(choice)) this.#add(`line:${line}`, asked);
  }

  /** Who may let an actor do what it cannot do as it is: nobody else can, before one of these has moved. */
  addEnablers(actor: number, choice: Choice, asked: GrowingSet): void {
    this.#enablers.add(actor, choice, asked);
  }

  /** Who may, now or later, be at odds with what an actor can do; false is everybody. */
  addRivals(actor: number, location: number, choice: Choice, asked: GrowingSet): boolean {
    if (this.#strange.has(choice)) return false;
    const at = this.#model.graphs[actor]?.locations[location];
    // Whoever waits at a barrier is moved by the last one to come.
    for (const { act } of at?.choices ?? []) if (act.do === 'woken') this.#add(`wait:${act.by}`, asked);
    // Who receives no more breaks the pipe for whoever sends.
    for (const pipe of quitPipes(this.#model, this.#model.graphs[actor], choice)) this.#add(`put:${pipe}`, asked);
    // What one gives back without having it comes off whoever has held some longest.
    for (const name of this.#looseOf(this.#model.graphs[actor], location, choice)) this.#add(`loose:${name}`, asked);
    this.#addWhoLosesWays(actor, location, choice, asked);
    const { act } = choice;
    if (act.do !== 'get') this.#addWhoFindsTheEnd(actor, location, asked);
    switch (act.do) {
      case 'acquire':
        for (const { name } of act.demands) this.#add(`acquire:${name}`, asked);
        break;
      case 'put':
      case 'get':
        this.#addRivalsAtQueue(act, asked);
        // Whoever takes the next task holds up all others.
        if (poolHeldFor(act) !== null) for (const fellow of this.#model.fellows.of(actor)) asked.add(fellow.actor);
        break;
      case 'find_broken_queue':
        if (this.#model.layout.breakField(act.queue) !== null) this.#add(`put:${act.queue}`, asked);
        break;
      case 'find_end':
        for (const queue of act.queues) this.#add(`put:${queue}`, asked);
        break;
      case 'arrive':
        if (!this.#allCome(act.barrier, asked.state)) this.#add(`wait:${act.barrier}`, asked);
        break;
      case 'find_broken_barrier':
        this.#add(`wait:${act.barrier}`, asked);
        break;
      default:
        break;
    }
    return true;
  }

  /** Whoever sets such an event takes from others what they might do otherwise; and whoever waits for something does so no more in vain once it is given. */
  #addWhoLosesWays(actor: number, location: number, choice: Choice, asked: GrowingSet): void {
    if (choice.unless !== undefined) this.#add(`set:${choice.unless}`, asked);
    for (const event of setsOf(choice)) this.#add(`unless:${event}`, asked);
    const graph = this.#model.graphs[actor];
    if (graph !== undefined && this.#someMiss) for (const name of givenBy(graph, location, choice)) this.#add(`miss:${name}`, asked);
  }

  #looseOf(graph: ActorGraph | undefined, from: number, choice: Choice): readonly string[] {
    const { loose } = this.#model.layout;
    return loose.length === 0 || graph === undefined ? [] : looseTouched(graph, from, choice, (name) => loose.some((one) => one.name === name));
  }

  #addRivalsAtQueue({ do: verb, queue }: { readonly do: 'put' | 'get'; readonly queue: string }, asked: GrowingSet): void {
    const { saturates } = this.#model.layout.boundOf(queue);
    const resource = this.#model.resources.get(queue);
    const isBounded = resource?.kind === 'queue' && resource.capacity !== null;
    if (verb === 'get' || saturates) this.#add(`get:${queue}`, asked);
    if (verb === 'put' ? isBounded : saturates) this.#add(`put:${queue}`, asked);
    // Which of them comes first is told by all queues of the pool.
    for (const other of this.#model.layout.orderOf(queue)?.labels.keys() ?? []) {
      this.#add(`put:${other}`, asked);
      this.#add(`get:${other}`, asked);
    }
    if (verb === 'get') return;
    // Others may have met the end, and find it again as long as nothing is put; or have found, or bring about, that nobody takes from it.
    if (this.#model.layout.endField(queue) !== null) this.#add(`end:${queue}`, asked);
    this.#add(`break:${queue}`, asked);
    this.#add(`quit:${queue}`, asked);
  }

  /** A queue is at its end also while some who may put wait for its next item: it is not, once one of them goes on another way. */
  #addWhoFindsTheEnd(actor: number, location: number, asked: GrowingSet): void {
    for (const { act } of this.#model.graphs[actor]?.locations[location]?.choices ?? []) {
      if (act.do !== 'get') continue;
      const puts = this.#model.may.deeds.get(`put:${act.queue}`) ?? [];
      if (puts.some((doer) => doer.actor === actor && doer.can[location] === 1)) this.#add(`end:${act.queue}`, asked);
    }
  }

  /** All parties that are left come to a barrier, whatever else happens, and there are no more than fill it once. */
  #allCome(barrier: string, state: Int32Array): boolean {
    const found = this.#comes.get(barrier);
    return found !== undefined && found.doers.length === found.parties && found.doers.every(({ field, can }) => can[state[field] ?? 0] === 1);
  }

  #add(rivalry: Rivalry, { state, add }: GrowingSet): void {
    for (const { actor, field, can } of this.#doers.get(rivalry) ?? []) if (can[state[field] ?? 0] === 1) add(actor);
  }

  #rivalriesOf(choice: Choice): readonly Rivalry[] {
    const { act } = choice;
    const inLine = this.#model.lines.touchedBy(choice).map((line): Rivalry => `line:${line}`);
    const ofEvents = [...(choice.unless === undefined ? [] : [`unless:${choice.unless}` as const]), ...setsOf(choice).flatMap((event): readonly Rivalry[] => (this.#strange.guards.has(event) ? [`set:${event}`] : []))];
    const strange: readonly Rivalry[] = [...(this.#strange.has(choice) ? (['strange'] as const) : []), ...inLine, ...ofEvents];
    switch (act.do) {
      case 'acquire':
        return [...strange, ...act.demands.map(({ name }): Rivalry => `acquire:${name}`)];
      case 'put':
      case 'get':
        return [...strange, `${act.do}:${act.queue}`];
      case 'find_broken_queue':
        return this.#model.layout.breakField(act.queue) === null ? strange : [...strange, `break:${act.queue}`];
      case 'find_end':
        return [...strange, ...act.queues.map((queue): Rivalry => `end:${queue}`)];
      case 'arrive':
      case 'find_broken_barrier':
        return [...strange, `wait:${act.barrier}`];
      case 'woken':
        return [...strange, `wait:${act.by}`];
      case 'time_out':
        return [...strange, ...(act.misses ?? []).map((name): Rivalry => `miss:${name}`)];
      default:
        return strange;
    }
  }
}

/** Events that are set by it. */
function setsOf({ act, sets }: Choice): readonly string[] {
  return act.do === 'set' ? [act.event, ...sets] : sets;
}

/** From where an actor comes to a barrier, or waits there until all have come, unless it goes round for ever before. */
function comesForCertain(graph: ActorGraph | undefined, barrier: string, can: Uint8Array): Uint8Array {
  if (graph === undefined) return can;
  const comes = Uint8Array.from(can);
  const isThere = ({ act }: Choice): boolean => (act.do === 'arrive' && act.barrier === barrier) || (act.do === 'woken' && act.by === barrier) || (act.do === 'find_broken_barrier' && act.barrier === barrier);
  for (let shrank = true; shrank; ) {
    shrank = false;
    for (const [at, { choices }] of graph.locations.entries()) {
      if (comes[at] !== 1 || (choices.every((choice) => isThere(choice) || comes[choice.target] === 1) && robbedAt(graph, at).every((target) => comes[target] === 1))) continue;
      comes[at] = 0;
      shrank = true;
    }
  }
  return comes;
}
