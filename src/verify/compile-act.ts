import { present } from '../base/invariant.ts';
import type { Demand } from '../sync/operation.ts';
import { backWhenStopped } from './back-when-stopped.ts';
import { foundBroken } from './broken-queues.ts';
import type { ConditionLines } from './condition-lines.ts';
import { type CompiledFact, compileFact, neverBegins } from './facts.ts';
import { fellowSlots, poolHeldFor } from './fellow-slots.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Effect, Firing, Mover } from './firing.ts';
import { lacksOf } from './lacking-permits.ts';
import type { Lines } from './lines.ts';
import type { Act, Choice, Location } from './location.ts';
import { heldByOthers, type LooseHolder, type LoosePermits, takeOff, victimsOf } from './loose-permits.ts';
import type { MayStill } from './may-still.ts';
import { isMiss, waysToGet } from './misses.ts';
import type { Actor, Fact, Resource } from './model.ts';
import { endedField, type StateLayout, tooFar } from './state-layout.ts';
import { haveCome, isNext, isTaken } from './task-order.ts';

/** What the transitions of a model are compiled with. */
export interface World {
  readonly graphs: readonly ActorGraph[];
  readonly actors: readonly Actor[];
  readonly layout: StateLayout;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly mover: Mover;
  readonly may: MayStill;
  readonly lines: Lines;
  readonly conditions: ConditionLines;
}

/** One choice of one actor. */
export interface Site {
  readonly actor: number;
  readonly location: Location;
  readonly choice: Choice;
  readonly transition: number;
}

type Fire = (firing: Firing) => void;

const always = (): boolean => true;

/**
 * Compiles a choice into what it does to a state that is being expanded: nothing, where it is not enabled. One who is served is to be
 * asked only where it is his turn.
 */
export function compileAct(world: World, site: Site): Fire {
  const fire = compileUnguarded(world, site);
  const { unless } = site.choice;
  if (unless === undefined) return fire;
  const field = world.layout.eventField(unless);
  const sets = world.layout.setsOf(unless);
  return (now) => {
    if (now.state[field] !== sets) fire(now);
  };
}

function compileUnguarded(world: World, site: Site): Fire {
  const { choice, location } = site;
  const { act } = choice;
  const { layout, may, mover } = world;
  const move = mover.move(site.actor, choice);
  if (lacksOf(act).length > 0) return compileLacking(world, site);
  switch (act.do) {
    case 'nothing':
    case 'release':
    case 'item_done':
    case 'close':
    case 'reach':
    case 'served':
      return firing(site, always, move);
    case 'acquire': {
      const isPossible = compileAcquire(world, location, act.demands);
      if (world.conditions.isEmpty) return firing(site, isPossible, move);
      return firing(site, (now) => isPossible(now) && world.conditions.before(site.actor, now.state).length === 0, move);
    }
    case 'line_up': {
      const isHopeless = world.graphs[site.actor]?.locations[choice.target]?.choices.some((other) => other.act.do === 'served' && other.act.isHopeless) === true;
      const isPossible = compileAcquire(world, location, act.demands);
      return firing(site, (now) => isHopeless || !isPossible(now), move);
    }
    case 'set':
      return firing(site, always, move, (now) => {
        mover.set(act.event, now);
      });
    case 'clear': {
      const field = layout.eventField(act.event);
      const clear = ({ next }: Firing): void => {
        next.set(field, 0);
      };
      // Whoever has come to its end with it may set the event again.
      return firing(site, always, clear, move);
    }
    case 'await': {
      const facts = compileFacts(world, act.facts);
      return firing(site, ({ state }) => facts.every((fact) => fact.isTrue(state)), move);
    }
    case 'find_impossible': {
      const facts = compileFacts(world, act.facts);
      return firing(site, ({ state }) => facts.some((fact) => fact.isImpossible(state)), move, ...tellsBroken(layout, act));
    }
    case 'await_pulse':
    case 'begin_to_wait': {
      const field = layout.eventField(act.event);
      const sets = layout.setsOf(act.event);
      const isWanted = act.do === 'await_pulse';
      return firing(site, ({ state }) => (state[field] === sets) === isWanted, move);
    }
    case 'notify': {
      const count = act.count === 'all' ? Number.POSITIVE_INFINITY : act.count;
      return firing(site, always, move, (now) => {
        for (const actor of world.conditions.sleepersAt(act.condition, now.state).slice(0, count)) mover.wakeOne(act.condition, actor, now);
      });
    }
    case 'wait_notified': {
      const vain = layout.vainField(act.condition);
      return firing(site, ({ state }) => act.runsItsTime === true || vain === null || state[vain] === 0, move);
    }
    case 'find_unnotifiable': {
      const vain = layout.vainField(act.condition);
      const isKnown = ({ state }: Firing): boolean => vain !== null && state[vain] === 1;
      const isInVain = ({ state }: Firing): boolean => !may.any(`notify:${act.condition}`, state);
      if (act.isAtOnce === true && act.isTried !== true) return firing(site, isKnown, move);
      // All who wait there hear of it at once, and whoever comes later knows it.
      return firing(site, (now) => (act.isTried === true && isKnown(now)) || isInVain(now), move, (now) => {
        mover.turnAway(act.condition, now);
        if (vain !== null) now.next.set(vain, 1);
      });
    }
    case 'find_end': {
      const queues = act.queues.map((queue) => ({ queue, field: layout.queueField(queue), end: layout.endField(queue) }));
      const isOver = (queue: string, state: Int32Array): boolean => !may.anyPuts(queue, state, (own) => state[layout.queueField(own)] ?? 0);
      const isEnabled = ({ state }: Firing): boolean => queues.every(({ queue, field, end }) => state[field] === 0 && ((end !== null && state[end] === 1) || isOver(queue, state)));
      const ends = queues.flatMap(({ end }) => (end === null ? [] : [end]));
      if (ends.length === 0) return firing(site, isEnabled, move);
      return firing(site, isEnabled, move, ({ next }) => {
        for (const end of ends) next.set(end, 1);
      });
    }
    case 'find_broken_queue':
      return compileBreak(world, site, act);
    case 'put':
    case 'get':
      return compileQueue(world, site, act);
    case 'arrive':
      return compileArrival(world, site, act.barrier);
    case 'find_broken_barrier': {
      const field = layout.barrierField(act.barrier);
      const parties = partiesOf(world, act.barrier);
      return firing(site, ({ state }) => state[field] === 1 || may.count(`wait:${act.barrier}`, state) < parties, move, ({ next }) => {
        next.set(field, 1);
      });
    }
    case 'reset': {
      const field = layout.barrierField(act.barrier);
      return firing(site, always, move, (now) => {
        now.next.set(field, 0);
        mover.turnAway(act.barrier, now);
      });
    }
    case 'break':
    case 'time_out':
      return compileTimeOut(world, site, act);
    case 'start':
    case 'find_alive':
    case 'stop':
      return compileOrder(world, site, act);
    case 'woken':
      return () => undefined;
  }
}

/** Nobody can still get, or it is known of a pool that it has ended. */
function compileBreak({ graphs, layout, may, mover }: World, site: Site, act: Extract<Act, { do: 'find_broken_queue' }>): Fire {
  const { once, queue } = act;
  const isSet = (event: string, state: Int32Array): boolean => state[layout.eventField(event)] === layout.setsOf(event);
  const isLeftOpen = neverBegins(act.unlessNever, graphs, layout, may);
  const isBroken = ({ state }: Firing): boolean => (once === undefined ? !may.anyReceives(queue, state, (event) => isSet(event, state)) && !isLeftOpen(state) : isSet(once, state));
  return firing(site, isBroken, mover.move(site.actor, site.choice), ...tellsBroken(layout, act));
}

function firing(site: Site, isEnabled: (now: Firing) => boolean, ...effects: readonly Effect[]): Fire {
  const { transition } = site;
  const [effect, second] = effects;
  if (effect !== undefined && second === undefined) {
    return (now) => {
      if (!isEnabled(now)) return;
      effect(now);
      now.next.reach(transition);
    };
  }
  return (now) => {
    if (!isEnabled(now)) return;
    for (const each of effects) each(now);
    now.next.reach(transition);
  };
}

/** The time of a wait is over, or a barrier is broken. */
function compileTimeOut(world: World, site: Site, act: Extract<Act, { do: 'break' | 'time_out' }>): Fire {
  const barrier = act.do === 'break' ? act.barrier : act.breaks;
  const isOver = isMiss(act) ? compileMiss(world, site) : always;
  const move = world.mover.move(site.actor, site.choice);
  if (barrier === null) return firing(site, isOver, move);
  const field = world.layout.barrierField(barrier);
  return firing(site, isOver, move, ({ next }) => {
    next.set(field, 1);
  });
}

/** Whoever waits has it where it can be had, and waits in vain only where it cannot. */
export function compileMiss(world: World, { actor, location, transition }: Site): (now: Firing) => boolean {
  const gets = waysToGet(location).map((choice) => compileAct(world, { actor, location, transition, choice }));
  const fills = location.choices.flatMap(({ act }) => (act.do === 'arrive' ? [fillsBarrier(world, act.barrier)] : []));
  return ({ state, free }) => {
    let isMissed = fills.every((isFilled) => !isFilled(state));
    const next = {
      get: (field: number): number => state[field] ?? 0,
      set: (): void => undefined,
      reach: (): void => {
        isMissed = false;
      },
    };
    for (const get of gets) get({ state, free, next });
    return isMissed;
  };
}

/** From then on everybody knows it. */
function tellsBroken(layout: StateLayout, act: Act): readonly Effect[] {
  return foundBroken(act).flatMap((queue): readonly Effect[] => {
    const told = layout.breakField(queue);
    if (told === null) return [];
    return [
      ({ next }) => {
        next.set(told, 1);
      },
    ];
  });
}

function compileFacts(world: World, facts: readonly Fact[]): readonly CompiledFact[] {
  return facts.map((fact) => compileFact(fact, world.graphs, world.layout, world.may));
}

/** What is given back without being held comes off others, and where they hold too little, it is one more, or refused. */
function compileLacking({ layout, mover }: World, site: Site): Fire {
  const { actor, choice } = site;
  const move = mover.move(actor, choice);
  const lacking = lacksOf(choice.act).flatMap(({ name, permits }) => layout.loose.flatMap((loose) => (loose.name === name ? [{ loose, permits }] : [])));
  const isRefused = ({ state }: Firing): boolean => lacking.some(({ loose, permits }) => loose.more === null && heldByOthers(loose, actor, state) < permits);
  if (choice.act.do === 'nothing') return firing(site, isRefused, move);
  return (now) => {
    if (isRefused(now)) return;
    for (const victims of waysToTake(lacking, actor, now.state)) {
      for (const [index, { loose, permits }] of lacking.entries()) {
        const some = victims[index] ?? [];
        for (const victim of some) takeOff(victim, now.next);
        if (loose.more !== null) addMore(loose.more, permits - some.length, now);
      }
      move(now);
      now.next.reach(site.transition);
    }
  };
}

/** Of each semaphore, whom it is taken off. */
function waysToTake(lacking: readonly { readonly loose: LoosePermits; readonly permits: number }[], actor: number, state: Int32Array): readonly (readonly (readonly LooseHolder[])[])[] {
  return lacking.reduce<readonly (readonly (readonly LooseHolder[])[])[]>((ways, { loose, permits }) => ways.flatMap((before) => victimsOf(loose, actor, permits, state).map((some) => [...before, some])), [[]]);
}

function addMore({ field, most }: NonNullable<LoosePermits['more']>, count: number, { state, next }: Firing): void {
  const more = (state[field] ?? 0) + count;
  if (more <= most) next.set(field, more);
  else next.set(endedField, tooFar);
}

function isHeldAgain({ resources }: World, { held }: Location, name: string): boolean {
  const resource = resources.get(name);
  return resource?.kind === 'permits' && resource.reentrant && held.has(name);
}

/** Whether all is free, and nobody waits before for what is fair. */
function compileAcquire(world: World, location: Location, demands: readonly Demand[]): (firing: Firing) => boolean {
  const { lines, resources } = world;
  const limits = demands.filter(({ name }) => !isHeldAgain(world, location, name)).map(({ name, permits }) => ({ limit: lines.limitOf(name), permits }));
  const fair = demands.flatMap(({ name }) => {
    const resource = resources.get(name);
    return resource?.kind === 'permits' && resource.fair ? [lines.limitOf(name)] : [];
  });
  const isFree = ({ free }: Firing): boolean => limits.every(({ limit, permits }) => (free[limit] ?? 0) >= permits);
  if (fair.length === 0) return isFree;
  return (now) => isFree(now) && fair.every((limit) => !lines.isWaitedFor(limit, now.state));
}

function compileQueue({ graphs, layout, may, mover, resources }: World, site: Site, act: Extract<Act, { do: 'put' | 'get' }>): Fire {
  const field = layout.queueField(act.queue);
  const { most, saturates } = layout.boundOf(act.queue);
  const move = mover.move(site.actor, site.choice);
  const resource = resources.get(act.queue);
  const capacity = resource?.kind === 'queue' ? (resource.capacity ?? Number.POSITIVE_INFINITY) : 0;
  const order = layout.orderOf(act.queue);
  const label = order?.labels.get(act.queue) ?? 0;
  if (act.do === 'put') {
    // Also where nobody can still get: of a queue that is found out a little later, and then everybody knows it.
    const told = layout.breakField(act.queue);
    const isPipe = resource?.kind === 'queue' && resource.ends !== null;
    const isOpen = (state: Int32Array): boolean => (isPipe ? may.any(`get:${act.queue}`, state) : told === null || state[told] === 0);
    const { count = 1 } = act;
    const put = (now: Firing): void => {
      now.next.set(field, Math.min((now.state[field] ?? 0) + count, most));
      if (order !== null && label > 0) haveCome(order, label, count, now);
    };
    // Whoever has come to its end with it may give back what it has in hand.
    const needsNoLook = !isPipe && told === null;
    return firing(site, ({ state }) => (state[field] ?? 0) < capacity && (needsNoLook || isOpen(state)), put, move);
  }
  const fellows = poolHeldFor(act) === null ? [] : fellowSlots(graphs, site.actor);
  const isHeldUp = (state: Int32Array): boolean => fellows.some(({ actor, waits }) => waits[state[layout.actorField(actor)] ?? 0] === 1);
  return (now) => {
    const items = now.state[field] ?? 0;
    if (items === 0 || (order !== null && !isNext(order, label, now.state)) || isHeldUp(now.state)) return;
    now.next.set(field, items - 1);
    if (order !== null) isTaken(order, label, now);
    move(now);
    now.next.reach(site.transition);
    if (!saturates || items < most) return;
    move(now);
    now.next.reach(site.transition);
  };
}

function partiesOf({ resources }: World, barrier: string): number {
  const resource = resources.get(barrier);
  return resource?.kind === 'barrier' ? resource.parties : 0;
}

/** Whether one more would fill it. */
function fillsBarrier(world: World, barrier: string): (state: Int32Array) => boolean {
  const field = world.layout.barrierField(barrier);
  const parties = partiesOf(world, barrier);
  return (state) => state[field] !== 1 && world.mover.countSleepers(barrier, state) + 1 >= parties;
}

function compileArrival(world: World, site: Site, barrier: string): Fire {
  const { layout, mover } = world;
  const field = layout.barrierField(barrier);
  const isFilled = fillsBarrier(world, barrier);
  const move = mover.move(site.actor, site.choice);
  return (now) => {
    if (now.state[field] === 1) return;
    move(now);
    // The last one goes on at once, with all the others.
    if (isFilled(now.state)) mover.wake(barrier, now);
    now.next.reach(site.transition);
  };
}

function compileOrder(world: World, site: Site, order: Extract<Act, { do: 'start' | 'find_alive' | 'stop' }>): Fire {
  const { actors, graphs, layout, mover } = world;
  const move = mover.move(site.actor, site.choice);
  const orEnding = order.do === 'find_alive' && order.orEnding === true;
  const targets = order.actors.map((name) => {
    const actor = layout.actorNamed(name);
    const graph = present(graphs[actor], 'an actor has a graph');
    const isAlive = Uint8Array.from(graph.locations, ({ outcome }, at) => Number((outcome === null && at >= graph.started) || (orEnding && outcome === 'stopped')));
    // One that was never started ends for good as well, until somebody starts it.
    const isOpen = Uint8Array.from(graph.locations, ({ outcome }) => Number(outcome === null));
    const back = graph.locations.map(({ inHand }) => backWhenStopped(actors[actor], inHand));
    return { graph, field: layout.actorField(actor), isAlive, isOpen, back, sets: actors[actor]?.setsWhenStopped ?? [] };
  });
  const anyAlive = ({ state }: Firing): boolean => targets.some(({ field, isAlive }) => isAlive[state[field] ?? 0] === 1);
  switch (order.do) {
    case 'find_alive':
      return firing(site, anyAlive, move);
    case 'start':
      return firing(site, (now) => !anyAlive(now), move, ({ next }) => {
        for (const { graph, field } of targets) next.set(field, (graph.locations[next.get(field)]?.outcome ?? null) === null ? graph.started : graph.startedAgain);
      });
    case 'stop':
      return firing(site, () => true, move, (now) => {
        for (const { graph, field, isOpen, back, sets } of targets) {
          // It may be its own.
          const at = now.next.get(field);
          if (isOpen[at] !== 1) continue;
          now.next.set(field, graph.stopped[at] ?? at);
          mover.giveBack(back[at] ?? new Map(), now);
          for (const event of sets) mover.set(event, now);
        }
      });
  }
}
