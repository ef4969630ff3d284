import { present } from '../base/invariant.ts';
import type { Place } from '../base/place.ts';
import type { Demand } from '../sync/operation.ts';
import { behindRetake } from './behind-retake.ts';
import { comesToEnd } from './comes-to-end.ts';
import { givesWith } from './gives-with.ts';
import type { Act, Beyond, Choice, Counts, Location, WaitInVain } from './location.ts';
import { asksTooMuch, lacksOf, mostHeld } from './lacking-permits.ts';
import type { Actor, Operation, Resource, Statement, Way } from './model.ts';
import { atEnd, type Gathered, type Local, minus, nothingGathered, plus, ScriptPoints, type Settled } from './script-point.ts';
import { isWaitForOthers, wakerOf } from './wait-for-others.ts';

/** An actor as a graph. */
export interface ActorGraph {
  readonly name: string;
  readonly isDaemon: boolean;
  readonly ofPool: Actor['ofPool'] | null;
  /** Location 0 is where it begins; of one that is idle, where it waits to be started. */
  readonly locations: readonly Location[];
  /** Where it comes to when it is started. */
  readonly started: number;
  /** Where it comes to when it is started after its end, which has closed its ends of pipes for good. */
  readonly startedAgain: number;
  /** Its script comes to an end, as it is written; to fail or to be skipped is none. */
  readonly canEnd: boolean;
  /** Where it comes to when it is stopped, from each location. */
  readonly stopped: readonly number[];
  /** Of each semaphore of which it may hold what others give back: where it comes to with one permit less, from each location. */
  readonly robbed: ReadonlyMap<string, readonly number[]>;
  /** Events that its moments set, as they are declared. */
  readonly setsAtMoments: Actor['setsAtMoments'];
  readonly lasting: Actor['lasting'];
}

/** Items in hand of one queue that are told apart. */
const maxInHand = 64;

/** With more an actor has no graph that is whole. */
export const maxLocations = 5000;

/** Entries into a reentrant lock that are told apart. */
const maxEntries = 64;

interface Draft {
  readonly local: Local;
  readonly choices: Choice[];
  readonly beyond: Beyond[];
  waitsInVain?: WaitInVain;
  /** All of its choices are there. */
  isWhole?: true;
}

/**
 * Finds every location that an actor can come to by its script.
 *
 * @param inOrder what is waited for in the order of arrival
 */
export function findLocations(actor: Actor, resources: ReadonlyMap<string, Resource>, inOrder: ReadonlySet<string>): ActorGraph {
  return new LocationFinder(actor, resources, inOrder).find();
}

class LocationFinder {
  readonly #actor: Actor;
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #inOrder: ReadonlySet<string>;
  readonly #points: ScriptPoints;
  readonly #drafts: Draft[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #robbed = new Map<string, Map<number, number>>();

  constructor(actor: Actor, resources: ReadonlyMap<string, Resource>, inOrder: ReadonlySet<string>) {
    this.#actor = actor;
    this.#resources = resources;
    this.#inOrder = inOrder;
    this.#points = new ScriptPoints((queue) => this.#isPipe(queue), (name) => this.#isLoose(name) || this.#isMissed(name), [actor.name, ...actor.setsAtMoments.ended].some((name) => this.#isMissed(name)));
  }

  find(): ActorGraph {
    const begin: Local = {
      point: { frame: null, block: this.#actor.script, index: 0 },
      held: new Map(),
      inHand: new Map(),
      closed: new Set(),
      stage: 'before',
      outcome: null,
      isWaiting: false,
      givenUp: 0,
    };
    // Idle, it is before the point behind its script, where it never comes to by itself.
    if (this.#actor.isIdle) this.#drafts.push({ local: { ...begin, point: { ...begin.point, index: -1 }, outcome: this.#actor.isSkipped === true ? 'skipped' : null }, choices: [], beyond: [] });
    const started = this.#numberOf(this.#points.settle(begin, nothingGathered).local);
    const startedAgain = this.#numberOf(this.#points.settle({ ...begin, closed: this.#ownPipes() }, nothingGathered).local);
    // Whoever has more is not looked at any further.
    for (let number = started; number < this.#drafts.length && this.#drafts.length <= maxLocations; number += 1) {
      this.#expand(this.#draft(number));
      for (const name of this.#draft(number).local.held.keys()) if (this.#isLoose(name)) this.#robbedOf(number, name);
    }
    const stopped = this.#drafts.map(({ local }, number) => (local.outcome === null ? this.#numberOf(stoppedLike(local)) : number));
    const locations = this.#drafts.map(({ local, choices, beyond, waitsInVain }): Location => ({ ...local, choices, beyond, ...(waitsInVain === undefined ? {} : { waitsInVain }), endsRun: false }));
    return {
      name: this.#actor.name,
      isDaemon: this.#actor.isDaemon,
      ofPool: this.#actor.ofPool ?? null,
      locations,
      started,
      startedAgain,
      canEnd: comesToEnd(locations, started),
      stopped: this.#drafts.map((_, number) => stopped[number] ?? number),
      robbed: new Map([...this.#robbed].map(([name, targets]) => [name, this.#drafts.map((_, number) => targets.get(number) ?? number)])),
      setsAtMoments: this.#actor.setsAtMoments,
      lasting: this.#actor.lasting,
    };
  }

  #draft(number: number): Draft {
    return present(this.#drafts[number], 'a location has its draft');
  }

  #numberOf(local: Local): number {
    const closed = local.closed.size === 0 ? '' : [...local.closed].toSorted().join(',');
    const key = `${this.#points.keyOf(local.point)}|${textOf(local.held)}|${textOf(local.inHand)}|${closed}|${local.stage}|${local.outcome ?? ''}|${local.isWaiting}|${local.givenUp}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#drafts.length;
    this.#numbers.set(key, number);
    this.#drafts.push({ local, choices: [], beyond: [] });
    return number;
  }

  #expand(draft: Draft): void {
    const { local, choices } = draft;
    if (local.outcome !== null || draft.isWhole === true) return;
    const { frame, block, index } = local.point;
    const statement = block[index];
    if (statement?.type === 'choose') {
      const onlyWhileWaiting = statement.ways.some(({ operation }) => operation.do === 'wait_notified');
      for (const way of statement.ways) {
        if (local.isWaiting || !onlyWhileWaiting || way.operation.do === 'wait_notified') choices.push(...this.#choicesOf(draft, way, statement.place).map((choice) => guarded(choice, way)));
      }
      if (onlyWhileWaiting && !local.isWaiting) choices.push(...this.#choicesInVain(local, statement));
      // What is refused at once neither finds an end nor runs out of time.
      const refusals = choices.filter(({ act }) => act.do === 'nothing' && act.refused !== undefined && lacksOf(act).length === 0);
      if (refusals.length > 0) draft.beyond.push(...choices.filter((choice) => !refusals.includes(choice)).map(({ target, sets }) => ({ target, sets })));
      if (refusals.length > 0) choices.splice(0, choices.length, ...refusals);
    } else if (frame?.type === 'hold') {
      const { demands, place } = frame.statement;
      const released = { ...local, held: minus(local.held, demands.map(pair)), point: frame.around };
      choices.push(this.#choice({ do: 'release', demands }, place, this.#settle(released, place)));
    } else if (frame?.type === 'keep') {
      const { queue, place } = frame.statement;
      const left = { ...local, inHand: minus(local.inHand, [[queue, 1]]), point: frame.around };
      choices.push(this.#choice({ do: 'item_done', queue }, place, this.#settle(left, place, doneOf(queue))));
    }
  }

  /**
   * Whoever drops what others may give back for him does so as a step of its own, since they may do it before, unless what comes before is
   * `unseen`; and so does whoever gives what they may wait for in vain until then, but for a failure that ends the run, which comes at once.
   */
  #settle(local: Local, place: Place, gathered: Gathered = nothingGathered, isUnseen = false): Settled {
    const settled = this.#points.settle(local, gathered);
    const isSeen = (name: string): boolean => (!isUnseen && this.#isLoose(name)) || (!settled.gathered.stopsRun && this.#isMissed(name));
    if (!givesWith(this.#actor.name, { local, gathered }, settled, isSeen)) return isUnseen ? this.#settleOneByOne(local, place, gathered) : settled;
    this.#restAt(local, place);
    return { local, gathered };
  }

  /** One after the other of what he leaves behind him on his way. */
  #settleOneByOne(local: Local, place: Place, before: Gathered = nothingGathered): Settled {
    const { local: next, gathered } = this.#points.settleOneByOne(local, before);
    return this.#settle(next, place, gathered);
  }

  /** Somebody is about to go on. */
  #restAt(local: Local, place: Place): number {
    const number = this.#numberOf(local);
    const draft = this.#draft(number);
    if (draft.isWhole !== true) draft.choices.push(this.#choice({ do: 'nothing' }, place, this.#settleOneByOne(local, place)));
    draft.isWhole = true;
    return number;
  }

  #choice(act: Act, place: Place, { local, gathered }: Settled): Choice {
    return { ...gathered, act, place, target: this.#numberOf(local) };
  }

  #choicesOf(draft: Draft, way: Way, place: Place): readonly Choice[] {
    const { local } = draft;
    const { operation } = way;
    for (const next of way.thinkable ?? []) this.#lookBeyond(draft, { operation, next }, operation.do === 'acquire' ? this.#heldWith(local, operation.demands) : local.held);
    if (operation.do === 'acquire') return this.#choicesToAcquire(draft, way, operation, place);
    if (operation.do === 'release') return this.#choicesToRelease(draft, way, operation, place);
    if (!isWaitForOthers(operation)) return [this.#choiceOf(draft, way, place)];
    const by = wakerOf(operation);
    const after = this.#after(local, way);
    if (local.isWaiting) return [this.#choice({ do: 'woken', by }, place, this.#settle(after, place))];
    const waiting: Settled = { local: { ...local, isWaiting: true }, gathered: nothingGathered };
    switch (operation.do) {
      case 'arrive':
        return [this.#choice(operation, place, waiting)];
      case 'await_pulse':
        return [
          this.#choice(operation, place, this.#settle(after, place)),
          this.#choice({ do: 'begin_to_wait', event: by }, place, waiting),
        ];
      case 'wait_notified': {
        const entries = local.held.get(operation.lock) ?? 0;
        if (entries === 0) return [this.#failing(draft, way, place)];
        // However often it is held.
        const without = { held: minus(local.held, [[operation.lock, entries]]), givenUp: entries - 1 };
        if (operation.isTried === true) return [this.#choice(operation, place, this.#points.settle({ ...after, ...without }, nothingGathered))];
        return [this.#choice(operation, place, { ...waiting, local: { ...waiting.local, ...without } })];
      }
    }
  }

  /** Where it is known that nobody can still notify, nobody waits for it: whoever would keeps the lock, with which he goes on as if he had it again. */
  #choicesInVain(local: Local, { ways, place }: Extract<Statement, { type: 'choose' }>): readonly Choice[] {
    if (!ways.some(({ operation }) => operation.do === 'wait_notified' && local.held.has(operation.lock))) return [];
    return ways.flatMap(({ operation, next }) =>
      operation.do === 'find_unnotifiable' ? [this.#choice({ ...operation, isAtOnce: true }, place, this.#settle(this.#after(local, { operation, next: behindRetake(next) }), place))] : [],
    );
  }

  #choicesToAcquire(draft: Draft, way: Way, { demands, isTimed = false, isTried = false, isOther = false }: Extract<Operation, { do: 'acquire' }>, place: Place): readonly Choice[] {
    const { local } = draft;
    // Whatever else is asked for with it.
    const isRefused = (!isTimed && this.#wouldBlockOnItself(local, demands)) || demands.some(({ name, permits }) => asksTooMuch(this.#resources.get(name), permits, isTimed));
    if (isRefused) return [this.#failing(draft, way, place)];
    const inVain = demands.filter((demand) => (isOther && local.held.has(demand.name)) || this.#isHopeless(local, demand));
    const isInOrder = !isTried && demands.some(({ name }) => this.#inOrder.has(name));
    const isHopeless = inVain.length > 0;
    if (!isInOrder && isHopeless) {
      this.#lookBeyond(draft, way);
      draft.waitsInVain = { names: inVain.map(({ name }) => name), place };
      return [];
    }
    if (!isInOrder) return [this.#choiceOf(draft, way, place)];
    if (local.isWaiting) {
      const after = this.#after(local, way);
      // Of what comes behind it nothing is ever done; but whoever asks what it can still do looks at it.
      const held = isHopeless ? after.held : this.#heldWith(local, demands);
      return [this.#choice({ do: 'served', demands, isHopeless }, place, this.#settle({ ...after, held, givenUp: 0 }, place))];
    }
    const linesUp = this.#choice({ do: 'line_up', demands }, place, { local: { ...local, isWaiting: true }, gathered: nothingGathered });
    return isHopeless ? [linesUp] : [this.#choiceOf(draft, way, place), linesUp];
  }

  /** What is lacking is taken off others, where it is a semaphore of which somebody does so; a bounded one refuses it where they hold too little. */
  #choicesToRelease(draft: Draft, way: Way, operation: Extract<Operation, { do: 'release' }>, place: Place): readonly Choice[] {
    const { local } = draft;
    const { demands } = operation;
    const lacks = demands.flatMap(({ name, permits }) => ((local.held.get(name) ?? 0) < permits ? [{ name, permits: permits - (local.held.get(name) ?? 0) }] : []));
    if (lacks.some(({ name }) => !this.#isLoose(name))) return [this.#failing(draft, way, place)];
    const after = this.#settle({ ...this.#after(local, way), held: minus(local.held, demands.map(pair)) }, place);
    if (lacks.length === 0) return [this.#choice(operation, place, after)];
    const lacking = { ...operation, lacks };
    const mayBeRefused = lacks.some(({ name }) => this.#permits(name)?.loose === 'bounded');
    return [this.#choice(lacking, place, after), ...(mayBeRefused ? [this.#failing(draft, { ...way, operation: lacking }, place)] : [])];
  }

  #robbedOf(number: number, name: string): void {
    const { local, choices, isWhole } = this.#draft(number);
    const fewer = { ...local, held: minus(local.held, [[name, 1]]) };
    const targets = this.#robbed.get(name) ?? new Map<number, number>();
    this.#robbed.set(name, targets);
    const place = choices[0]?.place ?? [];
    targets.set(number, isWhole === true ? this.#restAt(fewer, place) : this.#numberOf(fewer));
  }

  #after(local: Local, { next }: Way): Local {
    const { point } = local;
    const behind = { ...point, index: point.index + 1 };
    return { ...local, isWaiting: false, point: next.length === 0 ? behind : this.#points.enter(behind, next, { type: 'block' }) };
  }

  #choiceOf(draft: Draft, way: Way, place: Place): Choice {
    const { local } = draft;
    const { operation } = way;
    const after = this.#after(local, way);
    const isUnseen = operation.do === 'nothing';
    const go = (to: Local, gathered: Gathered = nothingGathered): Choice => this.#choice(operation, place, this.#settle(to, place, gathered, isUnseen));
    switch (operation.do) {
      case 'nothing':
        if (operation.endsRun === true) this.#lookBeyond(draft, { operation, next: [] });
        return go(after);
      case 'acquire':
        return go({ ...after, held: this.#heldWith(local, operation.demands), givenUp: 0 });
      case 'notify':
        return local.held.has(operation.lock) ? go(after) : this.#failing(draft, way, place);
      case 'put':
        return local.closed.has(operation.queue) ? this.#failing(draft, way, place) : go(after);
      case 'get':
        // A queue that one puts no more into may still be taken from, while nothing goes through a pipe any more.
        if (local.closed.has(operation.queue) && this.#isPipe(operation.queue)) return this.#failing(draft, way, place);
        return this.#beforeItsEnd(way, place, operation.keeps && (local.inHand.get(operation.queue) ?? 0) < maxInHand ? { ...after, inHand: plus(local.inHand, [[operation.queue, 1]]) } : after);
      case 'item_done':
        if (!local.inHand.has(operation.queue)) return this.#failing(draft, way, place);
        return go({ ...after, inHand: minus(local.inHand, [[operation.queue, 1]]) }, doneOf(operation.queue));
      case 'close':
        return go({ ...after, closed: new Set([...local.closed, ...operation.queues]) });
      case 'reach': {
        const stage = operation.moment === 'ready' || local.stage === 'ready' ? 'ready' : 'started';
        return go({ ...after, stage }, { ...nothingGathered, sets: operation.sets });
      }
      default:
        return go(after);
    }
  }

  /** Whoever waits to send gets the room of a message that is received, also of the last one before the receiver ends. */
  #beforeItsEnd({ operation }: Way, place: Place, local: Local): Choice {
    const settled = this.#settle(local, place);
    if (operation.do !== 'get' || !this.#isPipe(operation.queue) || settled.local.outcome === null) return this.#choice(operation, place, settled);
    return { ...nothingGathered, act: operation, place, target: this.#restAt(local, place) };
  }

  #ownPipes(): ReadonlySet<string> {
    const { name } = this.#actor;
    return new Set([...this.#resources.values()].flatMap((resource) => (resource.kind === 'queue' && (resource.ends?.from === name || resource.ends?.to === name) ? [resource.name] : [])));
  }

  #isPipe(queue: string): boolean {
    const resource = this.#resources.get(queue);
    return resource?.kind === 'queue' && resource.ends !== null;
  }

  #lookBeyond({ local, beyond }: Draft, way: Way, held = local.held): void {
    const { local: after, gathered } = this.#points.settle({ ...this.#after(local, way), held, givenUp: 0 }, nothingGathered);
    beyond.push({ target: this.#numberOf(after), sets: gathered.sets });
  }

  /** What the primitives refuse at once: the step fails. */
  #failing(draft: Draft, way: Way, place: Place): Choice {
    const { local } = draft;
    this.#lookBeyond(draft, way);
    return this.#choice({ do: 'nothing', refused: way.operation }, place, this.#settleOneByOne(this.#points.failing({ ...local, isWaiting: false }), place));
  }

  #heldWith({ held, givenUp }: Local, demands: readonly Demand[]): Counts {
    const sum = new Map(plus(held, demands.map(({ name, permits }) => [name, permits + givenUp])));
    for (const { name } of demands) {
      const resource = this.#resources.get(name);
      if (resource?.kind === 'permits') sum.set(name, Math.min(sum.get(name) ?? 0, resource.reentrant ? maxEntries : mostHeld(resource)));
    }
    return sum;
  }

  /** It has the lock itself, or there are not as many permits beside those that it has. */
  #isHopeless(local: Local, demand: Demand): boolean {
    const { name, permits } = demand;
    const resource = this.#permits(name);
    // Others may take off it what it has of it.
    const held = resource?.loose === undefined ? (local.held.get(name) ?? 0) : 0;
    const exceeds = resource?.isLock === false && resource.loose !== 'growing' && held + permits > resource.permits;
    return exceeds || this.#wouldBlockOnItself(local, [demand]);
  }

  #permits(name: string): Extract<Resource, { kind: 'permits' }> | null {
    const resource = this.#resources.get(name);
    return resource?.kind === 'permits' ? resource : null;
  }

  #isLoose(name: string): boolean {
    return this.#permits(name)?.loose !== undefined;
  }

  #isMissed(name: string): boolean {
    return (name === this.#actor.name ? this.#actor : this.#resources.get(name))?.isMissed === true;
  }

  #wouldBlockOnItself(local: Local, demands: readonly Demand[]): boolean {
    return demands.some(({ name }) => {
      const resource = this.#resources.get(name);
      return resource?.kind === 'permits' && resource.isLock && !resource.reentrant && local.held.has(name);
    });
  }
}

/** Whoever is let go on by others, or refused, is so whatever else has happened. */
function guarded(choice: Choice, { unless }: Way): Choice {
  return unless === undefined || choice.act.do === 'woken' || choice.act.do === 'served' || (choice.act.do === 'nothing' && choice.act.refused !== undefined) ? choice : { ...choice, unless };
}

function stoppedLike({ stage }: Local): Local {
  return { ...atEnd, stage, outcome: 'stopped', isWaiting: false };
}

function doneOf(queue: string): Gathered {
  return { ...nothingGathered, done: new Map([[queue, 1]]) };
}

function pair({ name, permits }: Demand): readonly [string, number] {
  return [name, permits];
}

function textOf(counts: Counts): string {
  if (counts.size === 0) return '';
  return [...counts].map(([name, count]) => `${name}=${String(count)}`).toSorted().join(',');
}
