import type { Broker } from '../broker/broker.ts';
import { PassingBroker } from '../broker/passing-broker.ts';
import type { Json } from '../base/json.ts';
import { err, ok } from '../base/result.ts';
import type { Answer } from '../engine/caller.ts';
import type { PrimitiveDefinition } from '../sync/definition.ts';
import type { Operation, Outcome, Owner, SyncRequest } from '../sync/operation.ts';
import type { PrimitiveView, SyncSnapshot } from '../sync/snapshot.ts';
import { askNow } from './ask-now.ts';
import type { HandshakeFile } from './door/handshake-file.ts';
import { type HandshakeFiles, tooManyFiles } from './door/handshake-files.ts';
import type { ClientFiles } from './door/client-files.ts';
import { MessageChannel } from './door/message-channel.ts';
import { systemErrorText } from './system-error-text.ts';

/** The connection of a program that messages are sent to ahead of its receipts. */
export interface MessageListener {
  /** Whether it should hear of no more for now. */
  readonly isBehind: boolean;
  tellMessage(pipe: string, number: number, item: Json): void;
  /** What comes next comes through a file, and the sender rings where the listener sleeps meanwhile. */
  tellDirect(pipe: string, path: string, bell: string): void;
  /** The file was called off. */
  tellCalledOff(pipe: string): void;
}

/** One thread of a program that is sent what comes. */
interface Receiver {
  readonly owner: Owner;
  readonly pipe: string;
  readonly file: HandshakeFile;
  readonly listener: MessageListener;
  /** All that was sent to it since it began. */
  readonly sent: Json[];
  /** What comes after that, where it comes from a sender by itself. */
  direct: DirectPath | null;
}

/** A thread at the other end, and the file into which it sends. */
interface DirectPath {
  readonly sender: Owner;
  readonly channel: MessageChannel;
}

/** What pipes with messages ahead need besides the broker. */
interface ReceivesAheadOptions {
  readonly definitions: readonly PrimitiveDefinition[];
  readonly handshakes: HandshakeFiles;
  readonly files: ClientFiles;
  readonly nowMs: () => number;
}

/** So many messages are sent before the program has to ask again. */
const mostAhead = 256;

type PipeDefinition = Extract<PrimitiveDefinition, { kind: 'pipe' }>;

/**
 * The broker, with pipes whose messages are sent to a program before it asks: whoever receives one after the
 * other need not ask for each. They are the pipe's until the program has taken them, which it counts in a
 * file. Whatever else is asked about that end, or about the program's end, takes back what is not taken,
 * without any help of the program; so nothing can be told from a pipe whose every message is asked for.
 *
 * To such a program, one at the other end may send by itself, through a file of both. That is called off in the same way,
 * and also by whatever else is sent from there, and by the sender's end.
 */
export class ReceivesAhead extends PassingBroker {
  readonly #handshakes: HandshakeFiles;
  readonly #files: ClientFiles;
  readonly #nowMs: () => number;
  readonly #pipes: ReadonlyMap<string, PipeDefinition>;
  /** By pipe, of each of its ends at most one. */
  readonly #receivers = new Map<string, Receiver[]>();

  constructor(broker: Broker, { definitions, handshakes, files, nowMs }: ReceivesAheadOptions) {
    super(broker);
    this.#handshakes = handshakes;
    this.#files = files;
    this.#nowMs = nowMs;
    this.#pipes = new Map(definitions.flatMap((definition) => (definition.kind === 'pipe' ? [[definition.name, definition] as const] : [])));
  }

  /** Names the file in which a thread counts what it takes; refused for a pipe with a capacity, where what is taken makes room. */
  open(owner: Owner, pipe: string): Answer {
    const definition = this.#pipes.get(pipe);
    if (definition === undefined) return err({ kind: 'not_found', message: `the spec has no pipe \`${pipe}\`` });
    if (definition.capacity !== null) return err({ kind: 'refused', message: `\`${pipe}\` has a capacity: what is received makes room` });
    try {
      const file = this.#handshakes.of(owner, pipe);
      return file === null ? err(tooManyFiles) : ok({ path: file.path, most: mostAhead });
    } catch (error) {
      return err({ kind: 'refused', message: `no file can be made: ${systemErrorText(error)}` });
    }
  }

  /** From now on the owner, which has just received a message, is sent what comes; nothing changes for who has no file. */
  begin(owner: Owner, pipe: string, listener: MessageListener): void {
    const file = this.#handshakes.made(owner, pipe);
    if (file === null) return;
    this.#takeBackFrom(pipe, owner.instance);
    if (!file.begin(0n)) return;
    const receiver: Receiver = { owner, pipe, file, listener, sent: [], direct: null };
    this.#receivers.set(pipe, [...(this.#receivers.get(pipe) ?? []), receiver]);
    this.#sendAhead(receiver);
  }

  /** The owner, which has just sent a message, may send what comes next by itself: where to; null where that cannot be. */
  sendDirectly(sender: Owner, pipe: string): Json {
    const receiver = this.#receivers.get(pipe)?.find(({ owner }) => owner.instance !== sender.instance);
    if (receiver === undefined || receiver.direct !== null || !this.#hasAll(receiver)) return null;
    try {
      const channel = new MessageChannel(this.#files.next());
      receiver.direct = { sender, channel };
      receiver.listener.tellDirect(pipe, channel.path, receiver.file.bellPath);
      return { path: channel.path, bell: receiver.file.bellPath };
    } catch {
      // There is no room for a file.
      return null;
    }
  }

  override request(request: SyncRequest, nowMs: number): void {
    this.#takeBackFor(request);
    super.request(request, nowMs);
    this.#sent(request);
  }

  override attempt(request: SyncRequest, nowMs: number): Outcome | null {
    this.#takeBackFor(request);
    const outcome = super.attempt(request, nowMs);
    this.#sent(request);
    return outcome;
  }

  override ownerEnded(instance: string, final: boolean, nowMs: number): void {
    for (const receiver of this.#all()) if (partiesOf(receiver).some((party) => party.instance === instance)) this.#takeBack(receiver);
    super.ownerEnded(instance, final, nowMs);
  }

  override holderEnded(owner: Owner, nowMs: number): void {
    for (const receiver of this.#all()) {
      const isParty = partiesOf(receiver).some(({ instance, holder }) => instance === owner.instance && holder === owner.holder);
      if (isParty) this.#takeBack(receiver);
    }
    super.holderEnded(owner, nowMs);
  }

  override snapshot(): SyncSnapshot {
    for (const receiver of this.#all()) this.#takeBack(receiver);
    return super.snapshot();
  }

  override look(name: string): PrimitiveView | null {
    for (const receiver of this.#receivers.get(name) ?? []) this.#takeBack(receiver);
    return super.look(name);
  }

  #all(): readonly Receiver[] {
    return [...this.#receivers.values()].flat();
  }

  #takeBackFor({ owner, operation }: SyncRequest): void {
    const { verb } = operation;
    if (verb === 'receive' || verb === 'poll' || verb === 'close_pipe') this.#takeBackFrom(operation.name, owner.instance);
    if (verb !== 'send' && verb !== 'close_pipe') return;
    for (const receiver of this.#receivers.get(operation.name) ?? []) {
      if (receiver.direct !== null && receiver.owner.instance !== owner.instance) this.#takeBack(receiver);
    }
  }

  /** Whoever else receives at the same end comes before what was only sent ahead. */
  #takeBackFrom(pipe: string, instance: string): void {
    for (const receiver of this.#receivers.get(pipe) ?? []) if (receiver.owner.instance === instance) this.#takeBack(receiver);
  }

  #takeBack(receiver: Receiver): void {
    const { owner, pipe, file, direct, listener } = receiver;
    this.#receivers.set(pipe, (this.#receivers.get(pipe) ?? []).filter((other) => other !== receiver));
    // The file is the program's to write; more than there was it cannot have taken.
    const items = receiver.sent.slice(Number(file.revoke()));
    if (direct !== null) {
      items.push(...direct.channel.callOff());
      listener.tellCalledOff(pipe);
    }
    if (items.length > 0) this.#ask({ verb: 'take_back', name: pipe, items }, owner);
  }

  /** Something may have been sent: it goes on to whoever is sent what comes at the other end. */
  #sent({ owner, operation }: SyncRequest): void {
    if (operation.verb !== 'send') return;
    for (const receiver of this.#receivers.get(operation.name) ?? []) {
      if (receiver.owner.instance !== owner.instance) this.#sendAhead(receiver);
    }
  }

  #sendAhead({ owner, pipe, listener, sent }: Receiver): void {
    while (sent.length < mostAhead && !listener.isBehind) {
      const outcome = this.#ask({ verb: 'receive', name: pipe }, owner);
      if (outcome?.status !== 'granted') return;
      sent.push(outcome.value);
      listener.tellMessage(pipe, sent.length, outcome.value);
    }
  }

  /** Whether no message waits at the end of a receiver, which has all of them, and nobody waits for one there. */
  #hasAll({ owner, pipe }: Receiver): boolean {
    const view = this.broker.look(pipe);
    const ends = this.#pipes.get(pipe)?.ends;
    if (view?.primitive.kind !== 'pipe' || ends === undefined) return false;
    const [first, second] = view.primitive.inbound;
    return view.waiting.length === 0 && (owner.instance === ends[0] ? first : second).length === 0;
  }

  #ask(operation: Operation, owner: Owner): Outcome | null {
    const nowMs = this.#nowMs();
    return askNow(this.broker, owner, operation, nowMs);
  }
}

/** Whose end ends it. */
function partiesOf({ owner, direct }: Receiver): readonly Owner[] {
  return direct === null ? [owner] : [owner, direct.sender];
}
