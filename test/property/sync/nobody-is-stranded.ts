import { ok } from 'node:assert/strict';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { ReaderSnapshot } from '../../../src/sync/items-ahead.ts';
import type { Demand, Owner } from '../../../src/sync/operation.ts';
import type { PrimitiveSnapshot, SyncSnapshot, WaitingSnapshot } from '../../../src/sync/snapshot.ts';

type Kind = PrimitiveSnapshot['kind'];
type Of<K extends Kind> = Extract<PrimitiveSnapshot, { kind: K }>;
type DefinitionOf<K extends Kind> = Extract<PrimitiveDefinition, { kind: K }>;

/** Checks that nobody waits for what is there, or for what can no longer come. */
export function nobodyIsStranded(definitions: readonly PrimitiveDefinition[], snapshot: SyncSnapshot): void {
  const state = new State(definitions, snapshot);
  for (const [at, waiting] of snapshot.waiting.entries()) {
    ok(!state.couldGoOn(waiting, snapshot.waiting.slice(0, at)), `request ${String(waiting.requestId)} is stranded`);
  }
}

class State {
  readonly #definitions: ReadonlyMap<string, PrimitiveDefinition>;
  readonly #snapshots: ReadonlyMap<string, PrimitiveSnapshot>;

  constructor(definitions: readonly PrimitiveDefinition[], snapshot: SyncSnapshot) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.#snapshots = new Map(snapshot.primitives.map((primitive) => [primitive.name, primitive]));
  }

  couldGoOn({ operation, owner, reacquisition }: WaitingSnapshot, earlier: readonly WaitingSnapshot[]): boolean {
    switch (operation.verb) {
      case 'acquire':
        return operation.demands.every((demand) => this.#fits(owner, demand, earlier));
      case 'wait_condition': {
        if (reacquisition === null) return true;
        if (reacquisition.until === 'notify') return this.#snapshot('condition', operation.name).orphaned;
        return this.#fits(owner, { name: reacquisition.lock, permits: 1 }, earlier);
      }
      case 'wait_event': {
        const { isSet, orphaned } = this.#snapshot('event', operation.name);
        return isSet || orphaned;
      }
      case 'wait_barrier': {
        const { arrived, broken } = this.#snapshot('barrier', operation.name);
        return broken || arrived.length >= this.#definition('barrier', operation.name).parties;
      }
      case 'put':
      case 'put_some': {
        const { items, ahead, reserved, broken } = this.#snapshot('queue', operation.name);
        const { capacity } = this.#definition('queue', operation.name);
        const filled = items.length + ahead.flatMap((reader) => reader.items).length + reserved.reduce((sum, { count }) => sum + count, 0);
        return broken || capacity === null || filled < capacity;
      }
      case 'get':
      case 'get_some': {
        const { items, ended, inHand, ahead } = this.#snapshot('queue', operation.name);
        const mayComeBack = this.#definition('queue', operation.name).onConsumerDeath === 'redeliver' && inHand.length > 0;
        const isLent = ahead.some((reader) => reader.items.length > 0);
        return items.length > 0 || (ended && !mayComeBack && !isLent) || canBeRecalled(ahead);
      }
      case 'join_queue':
        return this.#snapshot('queue', operation.name).unfinished === 0 || canBeRecalled(this.#snapshot('queue', operation.name).ahead);
      case 'send':
        return this.#sendCouldGoOn(operation.name, owner);
      case 'receive':
      case 'poll':
        return this.#receiveCouldGoOn(operation.name, owner);
      default:
        return true;
    }
  }

  #fits(owner: Owner, { name, permits }: Demand, earlier: readonly WaitingSnapshot[]): boolean {
    const definition = this.#definitions.get(name);
    const snapshot = this.#snapshots.get(name);
    ok(snapshot?.kind === 'lock' || snapshot?.kind === 'semaphore');
    const [holding] = snapshot.holdings;
    if (definition?.kind === 'lock') {
      const isInside = holding?.owner.instance === owner.instance && holding.owner.holder === owner.holder;
      return snapshot.free === 1 || (definition.reentrant && isInside);
    }
    const isFair = definition?.kind === 'semaphore' && definition.fair;
    return snapshot.free >= permits && !(isFair && earlier.some(({ names }) => names.includes(name)));
  }

  #sendCouldGoOn(name: string, owner: Owner): boolean {
    const { inbound, closed } = this.#snapshot('pipe', name);
    const { ends, capacity } = this.#definition('pipe', name);
    const messages = owner.instance === ends[0] ? inbound[1] : inbound[0];
    return closed[0] || closed[1] || capacity === null || messages.length < capacity;
  }

  #receiveCouldGoOn(name: string, owner: Owner): boolean {
    const { inbound, closed } = this.#snapshot('pipe', name);
    const messages = owner.instance === this.#definition('pipe', name).ends[0] ? inbound[0] : inbound[1];
    return closed[0] || closed[1] || messages.length > 0;
  }

  #snapshot<K extends Kind>(kind: K, name: string): Of<K> {
    const snapshot = this.#snapshots.get(name);
    ok(snapshot !== undefined && isOf(kind, snapshot));
    return snapshot;
  }

  #definition<K extends Kind>(kind: K, name: string): DefinitionOf<K> {
    const definition = this.#definitions.get(name);
    ok(definition !== undefined && isDefinitionOf(kind, definition));
    return definition;
  }
}

function isOf<K extends Kind>(kind: K, snapshot: PrimitiveSnapshot): snapshot is Of<K> {
  return snapshot.kind === kind;
}

function isDefinitionOf<K extends Kind>(kind: K, definition: PrimitiveDefinition): definition is DefinitionOf<K> {
  return definition.kind === kind;
}

/** Whether somebody has something on loan that he was not asked for. */
function canBeRecalled(ahead: readonly ReaderSnapshot[]): boolean {
  return ahead.some(({ items, isRecalled }) => items.length > 0 && !isRecalled);
}
