import { describe, expect, it } from 'vitest';
import { JobPermits } from '../../../src/runtime/jobs/job-permits.ts';

/** Tokens of make without a pipe. */
class Tokens {
  held = 0;
  puts = 0;
  #onRead: (() => void) | null = null;

  get isAsked(): boolean {
    return this.#onRead !== null;
  }

  ask(onRead: () => void): void {
    if (this.isAsked) throw new Error('it was asked before');
    this.#onRead = onRead;
  }

  unask(): boolean {
    const wasAsked = this.isAsked;
    this.#onRead = null;
    return wasAsked;
  }

  putBack(): void {
    if (this.held === 0) return;
    this.held -= 1;
    this.puts += 1;
  }

  close(): void {
    while (this.held > 0) this.putBack();
  }

  /** One comes. */
  come(): void {
    const onRead = this.#onRead;
    this.#onRead = null;
    this.held += 1;
    onRead?.();
  }
}

/** A pool in which so many jobs wait, and start as soon as they may. */
function poolOf(waiting: number): { readonly tokens: Tokens; readonly permits: JobPermits; readonly seen: { running: number; waiting: number }; readonly end: () => void; readonly stop: () => void } {
  const tokens = new Tokens();
  const seen = { running: 0, waiting };
  const fill = (): void => {
    while (seen.waiting > 0 && !permits.isExhausted) {
      permits.started();
      seen.running += 1;
      seen.waiting -= 1;
    }
    permits.settle(seen.waiting > 0);
  };
  const permits: JobPermits = new JobPermits(tokens, fill);
  fill();
  const end = (): void => {
    permits.ended();
    seen.running -= 1;
    fill();
  };
  const stop = (): void => {
    seen.waiting = 0;
    permits.settle(false);
  };
  return { tokens, permits, seen, end, stop };
}

describe('jobs in a recipe of make', () => {
  it('run one at a time without a token, and one more for each', () => {
    const { tokens, seen, end } = poolOf(5);
    expect(seen).toEqual({ running: 1, waiting: 4 });
    expect(tokens.isAsked).toBe(true);
    end();
    expect(seen).toEqual({ running: 1, waiting: 3 });
    tokens.come();
    tokens.come();
    expect(seen).toEqual({ running: 3, waiting: 1 });
    expect(tokens.isAsked).toBe(true);
  });

  it('give their token back when they end, also where another job waits, which asks anew', () => {
    const { tokens, seen, end } = poolOf(5);
    tokens.come();
    end();
    expect({ ...seen, held: tokens.held, puts: tokens.puts }).toEqual({ running: 1, waiting: 3, held: 0, puts: 1 });
    expect(tokens.isAsked).toBe(true);
    tokens.come();
    expect(seen).toEqual({ running: 2, waiting: 2 });
  });

  it('ask for none that nobody needs any more, and keep none that has come too late', () => {
    const { tokens, seen, end, stop } = poolOf(2);
    end();
    expect({ ...seen, isAsked: tokens.isAsked }).toEqual({ running: 1, waiting: 0, isAsked: false });
    const late = poolOf(3);
    late.tokens.come();
    late.stop();
    expect(late.tokens.isAsked).toBe(false);
    // It was read before.
    late.tokens.held += 1;
    late.permits.settle(false);
    expect({ held: late.tokens.held, puts: late.tokens.puts }).toEqual({ held: 1, puts: 1 });
    late.end();
    late.end();
    expect({ ...late.seen, held: late.tokens.held, puts: late.tokens.puts }).toEqual({ running: 0, waiting: 0, held: 0, puts: 2 });
    stop();
  });

  it('leave none at the end', () => {
    const { tokens, permits } = poolOf(3);
    tokens.come();
    tokens.come();
    permits.close();
    expect({ held: tokens.held, puts: tokens.puts }).toEqual({ held: 0, puts: 2 });
  });
});
