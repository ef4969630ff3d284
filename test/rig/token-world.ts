import { JobTokens } from '../../src/engine/job-tokens.ts';

/**
 * What happens: somebody comes, who may also wait for a lock, gets it, gives up, or ends; a token is read, and
 * that is heard; the broker answers; another client of make takes a token, or gives it back.
 */
export const happenings = ['comes', 'comes locked', 'is unlocked', 'gives up', 'ends', 'token comes', 'is heard', 'broker answers', 'another takes', 'another gives'] as const;

/**
 * The world around the tokens of one jobserver: a make with some of them, other clients, and a broker that
 * grants permits in the order of arrival and answers when it likes. Whatever must not be is thrown.
 */
export class TokenWorld {
  readonly tokens: JobTokens;
  readonly #implicit: number;
  readonly #total: number;
  /** Tokens that lie with make, and those of its other clients. */
  #free: number;
  #others = 0;
  #isAsked = false;
  /** What was said of the last question and not heard yet. */
  #unheard: 'read' | 'unasked' | null = null;
  /** Permits at the broker: its own count. */
  #permits: number;
  #running = 0;
  #waiting: { locked: boolean }[] = [];
  #takingOut = false;

  constructor(implicit: number, total: number, most: number) {
    this.tokens = new JobTokens({ implicit, most });
    this.#implicit = implicit;
    this.#total = total;
    this.#free = total;
    this.#permits = implicit;
  }

  happens(what: (typeof happenings)[number]): void {
    switch (what) {
      case 'comes':
      case 'comes locked':
        this.#waiting.push({ locked: what === 'comes locked' });
        break;
      case 'is unlocked': {
        const locked = this.#waiting.find((waiter) => waiter.locked);
        if (locked !== undefined) locked.locked = false;
        break;
      }
      case 'gives up':
        this.#waiting.shift();
        break;
      case 'ends':
        if (this.#running === 0) return;
        this.#running -= 1;
        this.#permits += 1;
        break;
      case 'token comes':
        if (!this.#isAsked || this.#free === 0) return;
        this.#free -= 1;
        this.#isAsked = false;
        this.#unheard = 'read';
        break;
      case 'is heard':
        if (this.#unheard === 'read') {
          this.tokens.read();
          this.#permits += 1;
        } else if (this.#unheard === 'unasked') {
          this.tokens.unasked();
        }
        this.#unheard = null;
        break;
      case 'broker answers':
        if (!this.#takingOut) return;
        this.#takingOut = false;
        this.tokens.putBack(this.#permits > 0);
        if (this.#permits > 0) {
          this.#permits -= 1;
          this.#free += 1;
        }
        break;
      case 'another takes':
        if (this.#free === 0) return;
        this.#free -= 1;
        this.#others += 1;
        break;
      case 'another gives':
        if (this.#others === 0) return;
        this.#others -= 1;
        this.#free += 1;
        break;
      default:
    }
    this.#grant();
    this.#move();
    this.#check();
  }

  #grant(): void {
    for (const waiter of this.#waiting.filter(({ locked }) => !locked)) {
      if (this.#permits === 0) return;
      this.#permits -= 1;
      this.#running += 1;
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
    }
  }

  #move(): void {
    for (;;) {
      const move = this.tokens.next({ used: this.#running, isWanted: this.#waiting.some(({ locked }) => !locked) });
      if (move === null) return;
      if (move === 'ask') {
        if (this.#isAsked || this.#unheard !== null) throw new Error('it asked again before it was answered');
        this.#isAsked = true;
      } else if (move === 'put_back') {
        this.#takingOut = true;
      } else if (this.#isAsked) {
        this.#isAsked = false;
        this.#unheard = 'unasked';
      }
    }
  }

  #check(): void {
    if (this.#running > this.tokens.held + this.#implicit) throw new Error('more run than there are tokens for');
    const known = this.#free + this.#others + this.tokens.held + (this.#unheard === 'read' ? 1 : 0);
    if (known !== this.#total) throw new Error(`of ${String(this.#total)} tokens there are ${String(known)}`);
    if (this.#permits + this.#running !== this.tokens.permits) throw new Error('the broker has other permits than there are tokens');
  }

  /** Everybody gets what he wants in the end; says what is left then. */
  finish(): { readonly free: number; readonly isAsked: boolean; readonly held: number } {
    while (this.#others > 0) this.happens('another gives');
    for (const { locked } of [...this.#waiting]) if (locked) this.happens('is unlocked');
    for (let rounds = 0; this.#waiting.length + this.#running > 0; rounds += 1) {
      if (rounds > 1000) throw new Error('somebody waits for ever');
      this.happens('token comes');
      this.happens('is heard');
      this.happens('broker answers');
      this.happens('ends');
    }
    this.happens('is heard');
    for (let rounds = 0; rounds <= this.#total; rounds += 1) this.happens('broker answers');
    return { free: this.#free, isAsked: this.#isAsked, held: this.tokens.held };
  }
}
