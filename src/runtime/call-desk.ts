import { ShortLivedMap } from '../base/short-lived-map.ts';
import { constants } from 'node:os';
import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CallError } from '../protocol/error-kind.ts';
import { isEngineCall, type Answer } from '../engine/caller.ts';
import type { CallEvent, EngineEvent } from '../engine/engine-event.ts';
import { shownName } from '../engine/engine-options.ts';
import type { ThingActors } from '../engine/thing-actors.ts';
import { wrongKind } from '../engine/wrong-kind.ts';
import type { Call } from '../protocol/call.ts';
import type { PrimitiveDefinition } from '../sync/definition.ts';
import type { Demand, Operation, Owner } from '../sync/operation.ts';
import { attemptIsOver, type CallDesk, type DeskCaller } from './door/call-desk.ts';
import type { Bells } from './door/bells.ts';
import type { DelegatingBroker } from './delegating-broker.ts';
import type { HandoffBroker } from './handoff-broker.ts';
import type { HandoffListener } from './handoff-members.ts';
import type { MessageListener, ReceivesAhead } from './receives-ahead.ts';
import type { Credits } from './credits.ts';
import type { CreditLine } from './door/credit-line.ts';
import { Spool } from './door/spool.ts';
import type { ClientFiles } from './door/client-files.ts';
import type { Borrower, Loans } from './door/loans.ts';
import { systemErrorText } from './system-error-text.ts';
import { lookResult } from './door/look.ts';
import { thingView } from './door/thing-view.ts';

/** What the desk of a run needs. */
export interface RunDeskOptions {
  readonly broker: ReceivesAhead;
  readonly locks: DelegatingBroker;
  readonly handoffs: HandoffBroker;
  readonly bells: Bells;
  readonly definitions: readonly PrimitiveDefinition[];
  readonly loans: Loans;
  readonly credits: Credits;
  readonly files: ClientFiles;
  readonly post: (event: EngineEvent) => void;
  /** Has a call done before whatever else was posted; gives what is left of it, or its answer. */
  readonly attempt: (event: CallEvent) => CallEvent | Answer;
  /** Who can still wake those who wait at a thing. */
  readonly actorsOf: (thing: string) => ThingActors;
  readonly warn: (message: string) => void;
}

/** A call that has no answer yet. */
interface AskedCall {
  readonly attempt: DeskCaller['attempt'];
  readonly done: (answer: Answer) => void;
  /** Asked when its turn comes: whether it is still about what it was about. */
  readonly isStillMeant?: () => boolean;
}

/** For a part of its room, the run waits until a quick reader has taken so much. */
const partAtOnce = 3;

/** So many refused clients are told one by one. */
const toldRefusals = 20;

/** Takes the calls of the door to the engine, and its answers back. */
export class RunDesk implements CallDesk {
  readonly #options: RunDeskOptions;
  readonly #definitions: ReadonlyMap<string, PrimitiveDefinition>;
  readonly #asked = new ShortLivedMap<number, AskedCall>();
  #nextCall = 1;
  #refusals = 0;

  constructor(options: RunDeskOptions) {
    this.#options = options;
    this.#definitions = new Map(options.definitions.map((definition) => [definition.name, definition]));
  }

  ask(caller: DeskCaller, call: Call, done: (answer: Answer) => void): number {
    const { instance, holder, attempt } = caller;
    const id = this.#nextCall;
    this.#nextCall += 1;
    if (call.type === 'look' || call.type === 'watch_pipe') {
      done(this.#look(caller, call.type === 'look' ? call : { type: 'look', kind: 'pipe', name: call.name }));
      return id;
    }
    if (call.type === 'look_at_things') {
      done(this.#lookAtThings(call.name));
      return id;
    }
    if (!isEngineCall(call) || (borrows(call) && (holder === null || !this.#options.loans.isOpen({ instance, holder }, call.name)))) {
      done(err({ kind: 'refused', message: 'only an upgraded connection has a spool, borrows (after `queue.tally`), has a lock left or handed on to it, is sent messages ahead or sends them directly' }));
      return id;
    }
    if (call.type === 'signal' && !Object.hasOwn(constants.signals, call.signal)) {
      done(err({ kind: 'invalid_params', message: `there is no signal \`${call.signal}\` here` }));
      return id;
    }
    // Of what its instance has put before, nothing comes after that it puts no more.
    if (call.type === 'close') this.#options.credits.callOff(call.name);
    this.#asked.set(id, { attempt, done });
    const event: CallEvent = { type: 'call', id, caller: { instance, holder: holder ?? this.#overHttp(id, caller, call) }, call, progress: 0 };
    const left = attempt === null ? this.#options.attempt(event) : event;
    if ('type' in left) this.#options.post(left);
    else this.answer(id, left);
    return id;
  }

  openTally(owner: Owner, queue: string, borrower: Borrower): Answer {
    const definition = this.#definitions.get(queue);
    if (definition?.kind !== 'queue') return err({ kind: 'not_found', message: `the spec has no queue \`${queue}\`` });
    try {
      const path = this.#options.loans.open(owner, queue, borrower, Math.ceil((definition.capacity ?? 0) / partAtOnce));
      if (path === null) return err({ kind: 'refused', message: `another connection of this process borrows from \`${queue}\`` });
      return ok({ path, capacity: definition.capacity });
    } catch (error) {
      return err({ kind: 'refused', message: `no tally can be made: ${systemErrorText(error)}` });
    }
  }

  delegate(owner: Owner, lock: string): Answer {
    if (this.#definitions.get(lock)?.kind !== 'lock') return err({ kind: 'not_found', message: `the spec has no lock \`${lock}\`` });
    this.endHandoff(lock);
    return this.#options.locks.delegate(owner, lock);
  }

  openHandoff(owner: Owner, lock: string, listener: HandoffListener, done: (answer: Answer) => void): void {
    const { handoffs, bells, definitions } = this.#options;
    const definition = this.#definitions.get(lock);
    if (definition?.kind !== 'lock') {
      done(err({ kind: 'not_found', message: `the spec has no lock \`${lock}\`` }));
    } else if (definition.reentrant || definitions.some((other) => other.kind === 'condition' && other.lock === lock)) {
      done(err({ kind: 'refused', message: `\`${lock}\` is handed on by the run alone: it is reentrant or a condition's` }));
    } else {
      bells.open(owner, (made) => {
        if (listener.isClosed) bells.remove(owner.instance, owner.holder);
        else if (!made.ok) done(made);
        else if (handoffs.join(owner, lock, listener)) done(ok({ bell: made.value }));
        else done(err({ kind: 'refused', message: `too many threads hand \`${lock}\` on already` }));
      });
    }
  }

  endHandoff(lock: string): void {
    this.#options.handoffs.endHandoff(lock);
  }

  leaveHandoff(owner: Owner, lock: string): void {
    this.#options.handoffs.leave(owner, lock);
  }

  openAhead(owner: Owner, pipe: string): Answer {
    return this.#options.broker.open(owner, pipe);
  }

  receiveAhead(owner: Owner, pipe: string, listener: MessageListener): void {
    this.#options.broker.begin(owner, pipe, listener);
  }

  sendDirectly(owner: Owner, pipe: string): Json {
    return this.#options.broker.sendDirectly(owner, pipe);
  }

  openSpool(instance: string, process: string, queue: string): Result<Spool | CreditLine, CallError> {
    const definition = this.#definitions.get(queue);
    if (definition?.kind !== 'queue') return err({ kind: 'not_found', message: `the spec has no queue \`${queue}\`` });
    const { credits, files } = this.#options;
    try {
      return ok(definition.capacity === null ? new Spool(files.next()) : credits.open(instance, process, queue));
    } catch (error) {
      return err({ kind: 'refused', message: `no spool can be made: ${systemErrorText(error)}` });
    }
  }

  cancel(call: number): void {
    if (this.#asked.has(call)) this.#options.post({ type: 'cancel_call', id: call });
  }

  letGo(caller: DeskCaller): void {
    const { instance, connection } = caller;
    if (connection === null) return;
    const owner = { instance, holder: connection };
    const demands = this.#permitsOf(owner);
    // To give permits back so is nothing that anybody has to be told of, where a lock that nobody has released is.
    if (demands.length > 0) {
      const number = this.ask(caller, { type: 'operation', kind: 'semaphore', operation: { verb: 'release', demands }, timeoutMs: 0 }, () => {});
      const asked = this.#asked.get(number);
      // A release of its own may come before: what it has not any more would be taken off somebody else.
      if (asked !== undefined) this.#asked.set(number, { ...asked, isStillMeant: () => this.#has(owner, demands) });
    }
    this.holderGone(instance, connection);
  }

  holderGone(instance: string, holder: string): void {
    this.#options.post({ type: 'holder_gone', holder: { instance, holder } });
  }

  refused(reason: string): void {
    this.#refusals += 1;
    if (this.#refusals > toldRefusals) return;
    const others = this.#refusals === toldRefusals ? '; more of them are not told' : '';
    this.#options.warn(`a client of the socket was refused: ${reason}${others}`);
  }

  /** Why the call is not to be begun, now that its turn has come; null where it is. */
  whyTooLate(call: number): Answer | null {
    const asked = this.#asked.get(call);
    const attempt = asked?.attempt ?? null;
    if (attempt?.isOver === true) return err(attemptIsOver(attempt));
    return asked?.isStillMeant?.() === false ? err({ kind: 'cancelled', message: 'what it was about is done' }) : null;
  }

  /** The engine has answered. */
  answer(call: number, answer: Answer): void {
    const asked = this.#asked.get(call);
    this.#asked.delete(call);
    asked?.done(answer);
  }

  /**
   * Whoever holds as the instance itself names no thread: each call is a holder of its own, so that two
   * shells of one script wait for each other instead of being taken for one that waits for itself. A
   * reentrant lock belongs to whoever took it, and that is then the instance.
   */
  #overHttp(id: number, { connection }: DeskCaller, call: Call): string {
    return call.type === 'operation' && this.#isReentrant(call.operation) ? 'instance' : (connection ?? `call/${id}`);
  }

  /** The permits that a holder has, by semaphore. */
  #permitsOf(owner: Owner): readonly Demand[] {
    const { broker, definitions } = this.#options;
    return definitions.flatMap(({ kind, name }) => {
      const primitive = kind === 'semaphore' ? broker.look(name)?.primitive : undefined;
      const held = primitive?.kind === 'semaphore' ? primitive.holdings.filter((holding) => isSameOwner(holding.owner, owner)) : [];
      const permits = held.reduce((sum, holding) => sum + holding.permits, 0);
      return permits > 0 ? [{ name, permits }] : [];
    });
  }

  #has(owner: Owner, demands: readonly Demand[]): boolean {
    const held = this.#permitsOf(owner);
    return demands.every(({ name, permits }) => held.some((one) => one.name === name && one.permits >= permits));
  }

  #isReentrant(operation: Operation): boolean {
    if (operation.verb === 'acquire' || operation.verb === 'release') {
      return operation.demands.some(({ name }) => this.#isReentrantLock(name));
    }
    if (operation.verb !== 'wait_condition' && operation.verb !== 'notify') return false;
    const condition = this.#definitions.get(operation.name);
    return condition?.kind === 'condition' && this.#isReentrantLock(condition.lock);
  }

  #isReentrantLock(name: string): boolean {
    const definition = this.#definitions.get(name);
    return definition?.kind === 'lock' && definition.reentrant;
  }

  #look(caller: DeskCaller, call: Extract<Call, { type: 'look' }>): Answer {
    const view = this.#options.broker.look(call.name);
    const definition = this.#definitions.get(call.name);
    const result = view === null || definition === undefined ? null : lookResult(call.kind, view, definition, caller.instance);
    if (result === null) return err(wrongKind(call.kind, call.name, definition?.kind ?? null, this.#namesOf(call.kind)));
    const ahead = view?.primitive.kind === 'queue' ? view.primitive.ahead : [];
    for (const { owner, items } of ahead) {
      // Whoever looks may want what another reader has and does not work on.
      if (items.length > 0 && !isSameProcess(owner, caller)) this.#options.loans.recall(owner, call.name);
    }
    return ok(result);
  }

  #namesOf(kind: string): readonly string[] {
    return this.#options.definitions.flatMap((definition) => (definition.kind === kind ? [definition.name] : []));
  }

  #lookAtThings(name: string | null): Answer {
    const meant = this.#options.definitions.filter((definition) => name === null || shownName(definition.name) === name);
    if (name !== null && meant.length === 0) return err({ kind: 'not_found', message: `the spec has no primitive \`${name}\`` });
    return ok(this.#viewsOf(meant));
  }

  /** Everything that is shared in the run, as it stands. */
  things(): readonly Json[] {
    return this.#viewsOf(this.#options.definitions);
  }

  #viewsOf(definitions: readonly PrimitiveDefinition[]): readonly Json[] {
    const { broker, actorsOf } = this.#options;
    return definitions.flatMap((definition) => {
      const view = broker.look(definition.name);
      return view === null ? [] : [thingView(view, definition, actorsOf(definition.name))];
    });
  }
}

function isSameOwner(one: Owner, other: Owner): boolean {
  return one.instance === other.instance && one.holder === other.holder;
}

function borrows(call: Call): call is Extract<Call, { type: 'get_some' }> {
  return call.type === 'get_some' && call.taken !== null;
}

/** A client knows what it has taken itself. */
function isSameProcess(owner: Owner, { instance, holder }: DeskCaller): boolean {
  return owner.instance === instance && holder !== null && processOf(owner.holder) === processOf(holder);
}

function processOf(holder: string): string {
  return holder.split('/', 1).join('');
}
