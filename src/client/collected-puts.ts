import { MpctlError } from './mpctl-error.ts';
import type { Thread } from './thread.ts';

const maxItems = 500;
/** So much goes out together, and no more than a part of a frame, however the characters are written. */
const maxCharacters = 64 * 1024;
const partOfFrame = 0.125;
/** So many puts are under way at most; from here on a put waits for the answers of those before it. */
const maxUnanswered = 4000;

/**
 * Puts into one unbounded queue. What the program puts without a pause goes out together, before anything
 * else that it asks, and at the latest when it pauses or exits; what came of it is told with a later put.
 */
export class CollectedPuts {
  readonly #thread: Thread;
  readonly #name: string;
  readonly #maxCharacters: number;
  #items: string[] = [];
  #characters = 0;
  #unanswered = 0;
  #last: Promise<void> = Promise.resolve();
  #failure: MpctlError | null = null;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.#maxCharacters = Math.min(maxCharacters, thread.connection.maxFrameBytes * partOfFrame);
    this.#name = name;
  }

  /** Whether the next put has to wait for those before it. */
  get isBehind(): boolean {
    return this.#failure !== null || this.#unanswered > maxUnanswered;
  }

  /**
   * Waits for the puts under way.
   *
   * @throws MpctlError where one of those since the last time was refused.
   */
  async settle(): Promise<void> {
    this.#flush();
    await this.#last;
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure;
  }

  /** Collects one item, as JSON text; false for one that is large, which is to be put alone. */
  add(item: string): boolean {
    if (item.length > this.#maxCharacters / 2) {
      this.#flush();
      return false;
    }
    if (this.#items.length === 0) this.#thread.connection.collect(() => this.#flush());
    this.#items.push(item);
    this.#characters += item.length;
    if (this.#items.length >= maxItems || this.#characters > this.#maxCharacters) this.#flush();
    return true;
  }

  #flush(): void {
    const { length } = this.#items;
    if (length === 0) return;
    const params = `{"name":${JSON.stringify(this.#name)},"items":[${this.#items.join(',')}]}`;
    this.#items = [];
    this.#characters = 0;
    this.#unanswered += length;
    this.#last = this.#sent(params, length);
  }

  async #sent(params: string, length: number): Promise<void> {
    try {
      await this.#thread.askText('queue.put', params);
    } catch (error) {
      this.#failure ??= error instanceof MpctlError ? error : null;
      if (!(error instanceof MpctlError)) throw error;
    } finally {
      this.#unanswered -= length;
    }
  }
}
