import type { Effect } from '../../src/engine/effect.ts';
import { makeJobserver } from '../../src/engine/engine-options.ts';

/** The pipes of the jobservers of a virtual run: tokens, and who waits for one. */
export class VirtualJobservers {
  readonly #free = new Map<string, number>();
  readonly #asked = new Set<string>();
  /** Tokens that were read and not put back. */
  readonly #out = new Map<string, number>();
  readonly #tell: (type: 'token_read' | 'token_unasked', jobserver: string) => void;

  /** `tokens` are those of make besides the one that a recipe has. */
  constructor(tokens: number, tell: (type: 'token_read' | 'token_unasked', jobserver: string) => void) {
    this.#free.set(makeJobserver, tokens);
    this.#tell = tell;
  }

  /** How many tokens of each lie in its pipe. */
  get free(): ReadonlyMap<string, number> {
    return this.#free;
  }

  carryOut(effect: Extract<Effect, { readonly jobserver: string }>): void {
    const { jobserver } = effect;
    const out = this.#out.get(jobserver) ?? 0;
    const free = this.#free.get(jobserver) ?? 0;
    switch (effect.type) {
      case 'ask_token':
        this.#asked.add(jobserver);
        break;
      case 'unask_token':
        if (this.#asked.delete(jobserver)) this.#tell('token_unasked', jobserver);
        break;
      case 'put_back_token':
        this.#out.set(jobserver, out - 1);
        this.#free.set(jobserver, free + 1);
        break;
      case 'fill_jobserver':
        this.#free.set(jobserver, effect.tokens - out);
    }
    this.#give(jobserver);
  }

  #give(jobserver: string): void {
    const free = this.#free.get(jobserver) ?? 0;
    if (free === 0 || !this.#asked.delete(jobserver)) return;
    this.#free.set(jobserver, free - 1);
    this.#out.set(jobserver, (this.#out.get(jobserver) ?? 0) + 1);
    this.#tell('token_read', jobserver);
  }
}
