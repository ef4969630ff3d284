import { ok } from 'node:assert/strict';
import type { Json } from '../../../src/base/json.ts';
import { momentNames } from '../../../src/protocol/call.ts';
import { methodDescriptions } from '../../../src/protocol/method-descriptions.ts';
import { parseCall } from '../../../src/protocol/parse-call.ts';

/** What the frames are about; `gone` things may be closed and stopped, so that the others go on. */
export const specOfFrames = `
locks: { l: , own: , r: { reentrant: true } }
semaphores: { s: { permits: 2, bounded: true } }
events: { e: }
conditions: { c: { lock: l } }
barriers: { b: { parties: 2 } }
queues: { q: { capacity: 5 }, p: { order: priority }, lent:, gone_q: }
pipes: { x: { between: [one, two], capacity: 3 }, far: { between: [one, two] }, gone_x: { between: [one, two] } }
values: { v: 0 }
pools:
  work: { workers: 1, command: exit 0, autostart: false }
  gone_work: { workers: 1, command: exit 0, autostart: false, allow_failure: true }
processes:
  one:
    command: forever
    uses: &all
      { q: [put, get, task_done], p: [put, get], lent: [put, get], gone_q: [put, get], e: set, b: wait, c: notify, work: [submit, start], gone_work: [submit, start], idle: start }
  two: { command: forever, uses: *all }
  idle: { command: forever, autostart: false, allow_failure: true }
`;

const names: Readonly<Record<string, readonly string[]>> = {
  lock: ['l', 'own', 'own', 'r'],
  semaphore: ['s'],
  event: ['e'],
  condition: ['c'],
  barrier: ['b'],
  queue: ['q', 'p', 'lent', 'lent', 'gone_q'],
  pipe: ['x', 'far', 'far', 'gone_x'],
  value: ['v'],
  pool: ['work', 'work', 'gone_work'],
  process: ['idle', 'idle', 'two'],
  run: ['v', 'nothing'],
};

/** What these are called with is never of use again. */
const namesThatEnd: Readonly<Record<string, string>> = {
  // It waits without any limit.
  'lock.claim': 'nothing',
  'queue.close': 'gone_q',
  'pipe.close': 'gone_x',
  'pool.close': 'gone_work',
  'pool.terminate': 'gone_work',
  'pool.kill': 'gone_work',
  'process.terminate': 'idle',
  'process.kill': 'idle',
};

/** Frames of every method, half of them mutated, and the pieces that they go over the wire in. */
export class RandomFrames {
  readonly #random: () => number;
  valid = 0;
  /** Every method that was sent as it is, with parameters that are right. */
  readonly validMethods = new Set<string>();
  /** Requests that are as the client meant them; every one of them is answered. */
  readonly meant: number[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next frame, as it goes over the wire; `id` is its request's. */
  next(id: number, methods: readonly string[]): string {
    const method = this.#pick([...methods, 'cancel', 'wait.only']);
    const params = this.#paramsOf(method, id);
    const isNotification = this.#random() < 0.1;
    const threads = this.#random() < 0.3 ? { threads: 3 } : {};
    const text = JSON.stringify({ jsonrpc: '2.0', ...(isNotification ? {} : { id }), method, params, thread: this.#whole(3), ...threads });
    if (this.#random() < 0.5) {
      if (!isNotification) this.meant.push(id);
      if (method === 'cancel' || method === 'wait.only' || parseCall(method, params).ok) {
        this.valid += 1;
        this.validMethods.add(method);
      }
      return `${text}\n`;
    }
    // Half of a character is no character: what stands for it is never sent, so that whoever sees it knows who broke one.
    return `${this.#mutated(text).replaceAll(/\p{Surrogate}/gu, '')}\n`;
  }

  #paramsOf(method: string, id: number): Json {
    if (method === 'cancel') return { id: id - 1 - this.#whole(40) };
    return method === 'wait.only' ? { calls: this.#whole(3) } : this.#params(method);
  }

  /** Where the piece ends that begins at `from`: anywhere, and often within a frame or within a character. */
  pieceEnd(bytes: Buffer, from: number): number {
    const kind = this.#random();
    if (kind < 0.3) return from + 1 + this.#whole(8);
    const at = from + 1 + this.#whole(4000);
    if (kind < 0.6) return at;
    const within = bytes.subarray(at).findIndex(isWithinCharacter);
    return within < 0 ? at : at + within;
  }

  /** Whether the door reads the next piece before another comes. */
  isAlone(): boolean {
    return this.#random() < 0.7;
  }

  /** What its description asks for, and some of what may be left out. */
  #params(method: string): Record<string, Json> {
    const description = methodDescriptions[method];
    ok(description !== undefined, method);
    const optional = Object.keys(description.optional);
    const isEither = optional.includes('item') && optional.includes('items');
    const left = isEither ? this.#pick(['item', 'items']) : '';
    const chosen = optional.filter((key) => key === 'timeout_ms' || (key !== left && (this.#random() < 0.5 || (isEither && key.startsWith('item')))));
    return Object.fromEntries([...Object.keys(description.required), ...chosen].map((key) => [key, this.#param(method, key)]));
  }

  #param(method: string, key: string): Json {
    switch (key) {
      case 'name':
        return namesThatEnd[method] ?? this.#nameOf(method);
      case 'holds':
        return this.#random() < 0.2 ? ['l', { name: 's', permits: 1 + this.#whole(2) }] : this.#nameOf(method);
      case 'timeout_ms':
        return this.#random() < 0.002 ? null : this.#pick([0, 0, 1, 3]);
      case 'item':
      case 'expected':
        return this.#item();
      case 'items':
        return Array.from({ length: this.#whole(4) }, () => this.#item());
      case 'count':
        return this.#pick(['all', 1, 2]);
      case 'priority':
      case 'by':
        return this.#pick([0, -1, 2.5, 10]);
      case 'batch':
      case 'token':
      case 'max':
        return 1 + this.#whole(8);
      case 'taken':
        // Who takes in all what it was lent takes ever more.
        return this.#whole(this.#random() < 0.5 ? 5 : 200);
      case 'last':
      case 'grant':
      case 'task':
        return this.#whole(5);
      case 'ahead':
      case 'direct':
        return this.#random() < 0.5;
      case 'signal':
        return this.#pick(['SIGHUP', 'SIGUSR1', 'SIGTERM', 'SIGNONE']);
      case 'moment':
        return this.#pick(momentNames);
      case 'code':
        return this.#whole(256);
      default:
        throw new Error(`nobody knows what \`${key}\` of \`${method}\` may be`);
    }
  }

  #nameOf(method: string): string {
    return this.#pick(names[method.split('.')[0] ?? ''] ?? []);
  }

  #item(): Json {
    return this.#pick<Json>([null, true, 1.5, -7, '', 'text\n', 'ü🐘', [1, [2]], { a: { b: null } }]);
  }

  #mutated(text: string): string {
    const at = this.#whole(text.length);
    switch (this.#whole(7)) {
      case 6: {
        // From 2 to 2,000 levels, few of them as often as many.
        const levels = Math.round(2 * 1000 ** this.#random());
        return text.replace(/"(?:item|expected|by)":(?:"[^"]*"|[\w.-]+)/u, (pair) => `${pair.slice(0, pair.indexOf(':') + 1)}${'['.repeat(levels)}${']'.repeat(levels)}`);
      }
      case 0:
        return text.slice(0, at);
      case 1:
        return text.slice(0, at) + String.fromCodePoint(this.#whole(0x250)) + text.slice(at);
      case 2:
        return text.slice(0, at) + text.slice(at + 1 + this.#whole(5));
      case 3:
        return text.replaceAll(/"[a-z_.]+"/gu, (word) => (this.#random() < 0.2 ? this.#pick(['null', '0', '[]', '{}', '"x"']) : word));
      case 4:
        return text.replaceAll(/\d+/gu, () => this.#pick(['-1', '1e400', '0.5', '99999999999999999999', '"1"']));
      default:
        return text + text;
    }
  }

  #whole(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(list: readonly T[]): T {
    const one = list[this.#whole(list.length)];
    ok(one !== undefined);
    return one;
  }
}

/** Whether a byte goes on with a character that an earlier one has begun. */
export function isWithinCharacter(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}
