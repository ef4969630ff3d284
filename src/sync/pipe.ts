import type { Json } from '../base/json.ts';
import type { PrimitiveDefinition } from './definition.ts';
import { LinkedList } from './linked-list.ts';
import type { FailureReason, SyncRequest } from './operation.ts';
import { failed, granted, timedOut } from './outcome.ts';
import type { PrimitiveSnapshot } from './snapshot.ts';
import type { WaitPlace, Waiter } from './waiter.ts';
import type { Waits } from './waits.ts';

interface SendDetail {
  readonly item: Json;
}

/** What is on its way to one end. */
interface Channel {
  readonly messages: LinkedList<Json>;
  readonly sends: LinkedList<Waiter<SendDetail>>;
  readonly receives: LinkedList<Waiter<null>>;
  readonly polls: LinkedList<Waiter<null>>;
}

/** One end of the pipe, with what arrives at it. */
interface End {
  readonly instance: string;
  readonly inbound: Channel;
  readonly maySend: boolean;
  readonly mayReceive: boolean;
  closed: boolean;
}

/**
 * Messages between two instances, in order, as `multiprocessing.Pipe`. When an end closes, its peer
 * still receives what is under way and then the end of stream, and can send no more. Messages of a
 * sender that has ended stay under way.
 */
export class Pipe implements WaitPlace<unknown> {
  readonly name: string;
  readonly #capacity: number;
  readonly #waits: Waits;
  readonly #ends: readonly [End, End];

  constructor(definition: Extract<PrimitiveDefinition, { kind: 'pipe' }>, waits: Waits) {
    const { ends, duplex } = definition;
    this.name = definition.name;
    this.#capacity = definition.capacity ?? Number.POSITIVE_INFINITY;
    this.#waits = waits;
    this.#ends = [
      { instance: ends[0], inbound: emptyChannel(), maySend: true, mayReceive: duplex, closed: false },
      { instance: ends[1], inbound: emptyChannel(), maySend: duplex, mayReceive: true, closed: false },
    ];
  }

  send(request: SyncRequest, detail: SendDetail, nowMs: number): void {
    const end = this.#endOf(request.owner.instance);
    if (end === null || !end.maySend) {
      this.#fail(request, 'not_owner');
      return;
    }
    if (end.closed) {
      this.#fail(request, 'closed');
      return;
    }
    const peer = this.#peerOf(end);
    if (peer.closed) {
      this.#fail(request, 'broken');
      return;
    }
    const { messages, sends } = peer.inbound;
    if (messages.size < this.#capacity) {
      this.#waits.answer(request, granted());
      messages.append(detail.item);
      this.serve();
    } else {
      this.#waitFor(sends, request, nowMs, detail);
    }
  }

  receive(request: SyncRequest, nowMs: number): void {
    const end = this.#receivingEndOf(request);
    if (end === null) return;
    const { messages, receives } = end.inbound;
    const item = messages.shift();
    if (item !== undefined) {
      this.#waits.answer(request, granted(item));
      this.serve();
    } else if (this.#peerOf(end).closed) {
      this.#fail(request, 'end_of_stream');
    } else {
      this.#waitFor(receives, request, nowMs, null);
    }
  }

  /** Puts messages before all others that are on their way to the caller's end; a closed end has lost them. */
  takeBack(request: SyncRequest, items: readonly Json[]): void {
    const end = this.#endOf(request.owner.instance);
    if (end === null) {
      this.#fail(request, 'not_owner');
      return;
    }
    this.#waits.answer(request, granted());
    if (end.closed) return;
    for (const item of items.toReversed()) end.inbound.messages.prepend(item);
    this.serve();
  }

  /** Waits until a `receive` would not wait, for a message or the end of stream; a waiting `receive` comes first. */
  poll(request: SyncRequest, nowMs: number): void {
    const end = this.#receivingEndOf(request);
    if (end === null) return;
    const { messages, polls } = end.inbound;
    if (messages.size > 0 || this.#peerOf(end).closed) this.#waits.answer(request, granted());
    else this.#waitFor(polls, request, nowMs, null);
  }

  /** Closes the caller's end for both directions; closing it again changes nothing. */
  close(request: SyncRequest): void {
    const end = this.#endOf(request.owner.instance);
    if (end === null) {
      this.#fail(request, 'not_owner');
      return;
    }
    this.#waits.answer(request, granted());
    this.#close(end);
  }

  /** The instance has ended for good: its end closes. */
  ownerEndedForGood(instance: string): void {
    const end = this.#endOf(instance);
    if (end !== null) this.#close(end);
  }

  timeOut(waiter: Waiter<unknown>): void {
    this.#waits.settle(waiter, timedOut);
  }

  withdrawn(): void {
    // It has left its list; nobody waits behind it for anything but messages and room.
  }

  serve(): void {
    for (const { inbound } of this.#ends) this.#move(inbound);
  }

  snapshot(): PrimitiveSnapshot {
    const [first, second] = this.#ends;
    return {
      kind: 'pipe',
      name: this.name,
      inbound: [[...first.inbound.messages], [...second.inbound.messages]],
      closed: [first.closed, second.closed],
    };
  }

  /** Messages go to waiting receives, and waiting sends into the room, for as long as there are both. */
  #move({ messages, sends, receives, polls }: Channel): void {
    for (;;) {
      const receive = receives.head?.value;
      const send = sends.head?.value;
      const item = receive === undefined ? undefined : messages.shift();
      if (receive !== undefined && item !== undefined) {
        this.#waits.settle(receive, granted(item));
      } else if (send !== undefined && messages.size < this.#capacity) {
        this.#waits.settle(send, granted());
        messages.append(send.detail.item);
      } else {
        break;
      }
    }
    // What no receive has taken is there to be seen by all.
    if (messages.size > 0) this.#grantPolls(polls);
  }

  #close(end: End): void {
    if (end.closed) return;
    end.closed = true;
    const peer = this.#peerOf(end);
    this.#failAll(peer.inbound.sends, 'closed');
    this.#failAll(end.inbound.receives, 'closed');
    this.#failAll(end.inbound.polls, 'closed');
    this.#failAll(end.inbound.sends, 'broken');
    this.#failAll(peer.inbound.receives, 'end_of_stream');
    this.#grantPolls(peer.inbound.polls);
    while (end.inbound.messages.shift() !== undefined);
    if (!peer.closed) this.#waits.report({ type: 'pipe_ended', pipe: this.name, instance: peer.instance });
  }

  #endOf(instance: string): End | null {
    return this.#ends.find((end) => end.instance === instance) ?? null;
  }

  /** The end that the caller may receive at; null, and answered, where there is none. */
  #receivingEndOf(request: SyncRequest): End | null {
    const end = this.#endOf(request.owner.instance);
    if (end !== null && end.mayReceive && !end.closed) return end;
    this.#fail(request, end?.mayReceive === true ? 'closed' : 'not_owner');
    return null;
  }

  #grantPolls(polls: Channel['polls']): void {
    while (polls.head !== null) this.#waits.settle(polls.head.value, granted());
  }

  #peerOf(end: End): End {
    return end === this.#ends[0] ? this.#ends[1] : this.#ends[0];
  }

  #fail(request: SyncRequest, reason: FailureReason): void {
    this.#waits.answer(request, failed(reason));
  }

  #failAll<T>(list: LinkedList<Waiter<T>>, reason: FailureReason): void {
    while (list.head !== null) this.#waits.settle(list.head.value, failed(reason));
  }

  #waitFor<T>(list: LinkedList<Waiter<T>>, request: SyncRequest, nowMs: number, detail: T): void {
    const { deadlineMs } = request;
    if (deadlineMs !== null && deadlineMs <= nowMs) this.#waits.answer(request, timedOut);
    else this.#waits.add(list, { place: this, request, deadlineMs, detail });
  }
}

function emptyChannel(): Channel {
  return { messages: new LinkedList(), sends: new LinkedList(), receives: new LinkedList(), polls: new LinkedList() };
}
