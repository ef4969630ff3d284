/* Names a deadlock: of all who are stuck, those around a circle, each with what it waits for. */
import type { Place } from '../base/place.ts';
import { waitsOfCall } from './call-waits.ts';
import type { ActorIndex } from './can-act.ts';
import { lockOfCondition } from './condition-lock.ts';
import type { Context } from './context.ts';
import { limitsCommands, runSlots, shownName } from './engine-options.ts';
import type { MachineState } from './machine-state.ts';
import { placeInLine } from './fair-line.ts';
import { firstOpenPut } from './open-put.ts';
import { type BlockedIn, commandsOf } from './program-waits.ts';
import { currentStep } from './step-machine.ts';
import type { StuckInstance, WaitReason } from './run-event.ts';
import type { Unit } from './unit-state.ts';
import { isFree } from './unit-waits.ts';

/** Who is stuck, each waiting for the next and, around a circle, the last for the first. */
export interface Deadlock {
  readonly stuck: readonly StuckInstance[];
  readonly isCircle: boolean;
}

/** What the search for a deadlock has found out. */
export interface StuckUnits {
  readonly context: Context;
  readonly index: ActorIndex;
  /** All that can never go on, by name, in the order of the plan. */
  readonly waiting: ReadonlyMap<string, Unit>;
  /** The pool that a slot belongs to, or the instance itself. */
  readonly ownerOf: (holder: string) => string;
  readonly blockedIn: BlockedIn;
  readonly isAtBarrier: (name: string, barrier: string) => boolean;
  /** An instance or a slot goes on, whoever else does. */
  readonly goesOn: (holder: string) => boolean;
}

/** Can never go on. */
export interface FoundDeadlock {
  readonly units: readonly Unit[];
  /** Who can go on. */
  readonly live: ReadonlySet<string>;
  /** As a circle where there is one. */
  readonly named: Deadlock;
}

/**
 * The first circle in the order of the plan; where nobody comes round again, those from the first on; null of nobody. Where an order that
 * is followed leads to some, they are told, and nobody before they have come there. Whoever is held back has asked for nothing yet, and is
 * told of only where nobody else is stuck.
 */
export function nameDeadlock(stuck: StuckUnits): Deadlock | null {
  const { context, ownerOf, waiting } = stuck;
  const { heldBack } = context.options;
  if (heldBack === undefined) return new Naming(stuck).name();
  const led = [...heldBack.ledTo];
  if (led.some(stuck.goesOn)) return null;
  const among = (isTold: (name: string) => boolean): Deadlock | null => new Naming({ ...stuck, waiting: new Map([...waiting].filter(([name]) => isTold(name))) }).name();
  const ledOwners = new Set(led.map(ownerOf));
  const held = new Set([...context.requests.values()].flatMap(({ id, instance }) => (heldBack.holds(id) ? [ownerOf(instance)] : [])));
  return among((name) => ledOwners.has(name)) ?? among((name) => !held.has(name)) ?? new Naming(stuck).name();
}

class Naming {
  readonly #stuck: StuckUnits;

  constructor(stuck: StuckUnits) {
    this.#stuck = stuck;
  }

  name(): Deadlock | null {
    const followed = new Set<string>();
    let chain: readonly StuckInstance[] | null = null;
    for (const name of this.#stuck.waiting.keys()) {
      if (followed.has(name)) continue;
      const found = this.#follow(name, followed);
      if (found.isCircle) return found;
      chain ??= found.stuck;
    }
    return chain === null ? null : { stuck: chain, isCircle: false };
  }

  /** Follows whom each waits for until somebody comes round again, or nobody is left to follow. */
  #follow(first: string, followed: Set<string>): Deadlock {
    const path: StuckInstance[] = [];
    const places = new Map<string, number>();
    let name: string | undefined = first;
    while (name !== undefined && !followed.has(name)) {
      const unit = this.#stuck.waiting.get(name);
      if (unit === undefined) break;
      followed.add(name);
      places.set(name, path.length);
      const waits = this.#reasonOf(unit);
      path.push({ instance: name, waits, holds: this.#holdsOf(unit), at: this.#stuck.context.options.lineOf(this.#placeOf(unit)) });
      // Who waits for itself among others is told together with them.
      name = [...waits.by, ...this.#releasersOf(waits)].find((other) => other !== unit.name && this.#stuck.waiting.has(other)) ?? waits.by.find((other) => other === unit.name);
    }
    const start = name === undefined ? undefined : places.get(name);
    return start === undefined ? { stuck: path, isCircle: false } : { stuck: path.slice(start), isCircle: true };
  }

  /** Those who may give back permits that are waited for, whoever holds them. */
  #releasersOf({ kind, name }: WaitReason): readonly string[] {
    return kind === 'hold' ? (this.#stuck.context.releasers.get(name) ?? []) : [];
  }

  #reasonOf(unit: Unit): WaitReason {
    const waits = this.#waitsOf(unit).map((wait) => (wait.kind === 'condition' ? this.#orItsLock(unit, wait) : wait));
    const reason = waits.find((wait) => this.#stuckFor(unit, wait).length > 0) ?? waits[0];
    if (reason === undefined) return { kind: 'join', name: unit.name, detail: null, by: [] };
    const name = shownName(reason.name);
    const stuck = this.#stuckFor(unit, reason);
    // What a daemon keeps until it is stopped is held by nobody who is stuck.
    const by = stuck.length === 0 && reason.kind === 'hold' ? [...new Set(this.#providers(unit, reason))] : stuck;
    // Both ends of a pipe may be waited at: it is the other one that this one waits for.
    return { ...reason, name, by: reason.kind === 'pipe' ? by.filter((other) => other !== unit.name) : by };
  }

  /** A wait at a condition, or for the lock of that where somebody has it who is stuck: it is needed however the wait ends. */
  #orItsLock(unit: Unit, wait: WaitReason): WaitReason {
    const { context, ownerOf, waiting } = this.#stuck;
    const lock = lockOfCondition(context, wait.name);
    const holders = lock === null ? [] : context.holdings.holdersOf(lock).map((holder) => ownerOf(holder));
    return lock !== null && holders.some((other) => other !== unit.name && waiting.has(other)) ? { kind: 'hold', name: lock, detail: 'lock', by: [] } : wait;
  }

  #waitsOf(unit: Unit): readonly WaitReason[] {
    const machine = this.#blockedMachine(unit);
    const { context } = this.#stuck;
    const calls = commandsOf(context, unit).flatMap((key) => this.#stuck.blockedIn(key));
    const waits = [...(machine === null ? unit.waits : machine.waits), ...calls.flatMap((call) => waitsOfCall(context, call))];
    const put = firstOpenPut(this.#stuck.context, unit);
    if (put !== null) waits.push({ kind: 'queue', name: put.names[0] ?? '', detail: 'put', by: [] });
    if (unit.type === 'pool' && unit.submitOpen) waits.push({ kind: 'submit', name: unit.name, detail: null, by: [] });
    return waits;
  }

  /** By any of its slots, where it is a pool. */
  #holdsOf(unit: Unit): readonly string[] {
    const { holdings } = this.#stuck.context;
    const slots = unit.type === 'pool' ? Array.from({ length: unit.plan.workers }, (_, index) => `${unit.name}-${index + 1}`) : [unit.name];
    return [...new Set(slots.flatMap((slot) => holdings.heldBy(slot)))].filter((name) => !limitsCommands(name));
  }

  #placeOf(unit: Unit): Place {
    const machine = this.#blockedMachine(unit);
    return (machine === null ? null : currentStep(machine)?.place) ?? unit.plan.place;
  }

  #blockedMachine(unit: Unit): MachineState | null {
    if (unit.type === 'instance') return unit.machine === null ? null : (this.#stuck.context.machines.get(unit.machine) ?? null);
    for (const task of unit.tasks.values()) {
      const machine = task.machine === null ? undefined : this.#stuck.context.machines.get(task.machine);
      if (machine !== undefined && machine.waits.length > 0) return machine;
    }
    return null;
  }

  /** Of those who could end this wait, the ones that are stuck themselves. */
  #stuckFor(unit: Unit, reason: WaitReason): readonly string[] {
    return [...new Set(this.#providers(unit, reason))].filter((name) => this.#stuck.waiting.has(name));
  }

  #providers(unit: Unit, reason: WaitReason): readonly string[] {
    const { name } = reason;
    switch (reason.kind) {
      case 'dependency':
      case 'join':
      case 'result':
        return reason.by.length > 0 ? reason.by : this.#instancesNamed(name);
      case 'hold': {
        const resource = name === 'max_parallel' ? runSlots : name;
        const holders = this.#stuck.context.holdings.holdersOf(resource).map((holder) => this.#stuck.ownerOf(holder));
        const before = this.#before(unit, resource);
        // Where there is enough of it, only those who come before are waited for.
        return before.isFree ? [...before.names, ...holders] : [...holders, ...before.names];
      }
      case 'event':
        return this.#stuck.index.of('set', name).map((actor) => actor.who);
      case 'submit':
        return this.#stuck.index.of('submit', name).map((actor) => actor.who);
      case 'condition':
        return this.#stuck.index.of('notify', name).map((actor) => actor.who);
      case 'barrier':
        return this.#stuck.index
          .of('wait', name)
          .filter((actor) => !this.#stuck.isAtBarrier(actor.who, name))
          .map((actor) => actor.who);
      case 'queue':
        return this.#stuck.index.of(reason.detail === 'get' ? 'put' : 'get', name).map((actor) => actor.who);
      case 'pipe': {
        const pipe = this.#stuck.context.primitive(name);
        return pipe?.kind === 'pipe' ? pipe.ends : reason.by;
      }
      case 'sleep':
      case 'backoff':
        return [];
    }
  }

  /** Those who have asked for it before, which matters where it is fair; and whether there is enough of it. */
  #before({ name }: Unit, resource: string): { readonly names: readonly string[]; readonly isFree: boolean } {
    const { context, ownerOf } = this.#stuck;
    const line = placeInLine(context, resource, (instance) => ownerOf(instance) === name);
    if (line === null) return { names: [], isFree: false };
    return {
      names: line.before.map(({ instance }) => ownerOf(instance)).filter((other) => other !== name),
      isFree: line.own.holds.some((demand) => demand.name === resource && isFree(context, demand)),
    };
  }

  #instancesNamed(name: string): readonly string[] {
    if (this.#stuck.context.instances.has(name) || this.#stuck.context.pools.has(name)) return [name];
    return this.#stuck.context.instancesOfProcess(name).map((state) => state.name);
  }
}
