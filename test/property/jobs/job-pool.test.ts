import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Halt } from '../../../src/jobs/halt.ts';
import { JobPool, type JobStart } from '../../../src/jobs/job-pool.ts';

/** What is chosen for one run; the numbers decide what happens next and how each attempt ends. */
interface Play {
  readonly slots: number;
  readonly attempts: number;
  readonly halt: Halt | null;
  readonly items: number;
  readonly done: readonly number[];
  readonly choices: readonly number[];
  readonly stopsAt: number | null;
}

const rules = fc.record<Halt>({
  when: fc.constantFrom('now', 'soon'),
  on: fc.constantFrom('fail', 'success', 'done'),
  limit: fc.integer({ min: 1, max: 6 }),
  isPercent: fc.constant(false),
});

const plays: fc.Arbitrary<Play> = fc.record({
  slots: fc.integer({ min: 1, max: 5 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  halt: fc.option(rules),
  items: fc.nat(25),
  done: fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 8 }),
  choices: fc.array(fc.nat(1000), { minLength: 120, maxLength: 120 }),
  stopsAt: fc.option(fc.nat(60), { freq: 4 }),
});

/** One run, and what was seen of it. */
class Played {
  readonly pool: JobPool;
  readonly #play: Play;
  readonly violations: string[] = [];
  readonly running = new Map<number, JobStart>();
  readonly fates = new Map<number, string>();
  readonly tries = new Map<number, number>();
  readonly begun: number[] = [];
  offered = 0;
  failed = 0;
  succeeded = 0;
  /** What the rule says, as soon as it says something. */
  haltCode: number | null = null;
  #step = 0;
  #nowMs = 0;

  constructor(play: Play) {
    this.#play = play;
    const done = new Set(play.done);
    this.pool = new JobPool({ slots: play.slots, attempts: play.attempts, halt: play.halt, timeout: null, isDone: (seq) => done.has(seq), doneBefore: 0 });
  }

  /** Plays until nothing can happen any more. */
  run(): void {
    const { stopsAt } = this.#play;
    for (let step = 0; !this.pool.isOver; step += 1) {
      if (step > 2000) throw new Error('it never ends');
      if (step === stopsAt) this.pool.stop();
      else this.#doSomething();
      this.#start();
    }
  }

  #doSomething(): void {
    const choice = this.#choose();
    this.#nowMs += choice % 7;
    const running = [...this.running.keys()];
    const ends = running.length > 0 && (choice % 2 === 0 || this.offered > this.#play.items);
    if (ends) this.#end(running[choice % running.length] ?? 0, this.#choose() % 3 === 0 ? 3 : 0);
    else if (this.offered < this.#play.items) this.#offer();
    else {
      this.offered += 1;
      this.pool.endSource();
    }
  }

  #offer(): void {
    this.offered += 1;
    const { seq, isLeftOut } = this.pool.offer([String(this.offered)]);
    this.#see('number', seq, this.offered);
    this.#see('left out', isLeftOut, this.#play.done.includes(seq));
  }

  #start(): void {
    for (let start = this.pool.next(this.#nowMs); start !== null; start = this.pool.next(this.#nowMs)) {
      this.#see(`${start.seq} is left out`, this.#play.done.includes(start.seq), false);
      this.#see(`${start.seq} runs already`, this.running.has(start.seq), false);
      this.#see(`slot ${start.slot} is taken`, [...this.running.values()].some(({ slot }) => slot === start.slot), false);
      this.#see(`there is a slot ${start.slot}`, start.slot >= 1 && start.slot <= this.#play.slots, true);
      this.#see('items', start.items, [String(start.seq)]);
      this.#see('attempt', start.attempt, (this.tries.get(start.seq) ?? 0) + 1);
      if (start.attempt === 1) this.begun.push(start.seq);
      this.tries.set(start.seq, start.attempt);
      this.running.set(start.seq, start);
    }
    this.#see('too many run', this.running.size > this.#play.slots, false);
  }

  #end(seq: number, exitCode: number): void {
    const wasStopped = this.pool.isStopped;
    const wasHalted = this.pool.isHalted;
    const attempt = this.running.get(seq)?.attempt ?? 0;
    this.running.delete(seq);
    const { fate, stop } = this.pool.ended(seq, { exitCode, signal: 0 }, this.#nowMs);
    this.#see('has a fate already', this.fates.has(seq), false);
    this.#see(`fate of ${seq}`, fate, this.#expectedFate(exitCode, attempt, wasStopped, wasHalted));
    if (fate === 'again') return;
    this.fates.set(seq, fate);
    if (fate === 'failed') this.failed += 1;
    if (fate === 'succeeded') this.succeeded += 1;
    const halts = !wasHalted && fate !== 'dropped' && this.#ruleIsMet(fate);
    this.#see('halted', this.pool.isHalted, wasHalted || halts);
    this.#see('to stop', stop, halts && this.#play.halt?.when === 'now' ? [...this.running.keys()] : []);
    if (halts) this.haltCode = this.#expectedCode(exitCode);
  }

  #expectedFate(exitCode: number, attempt: number, wasStopped: boolean, wasHalted: boolean): string {
    if (wasStopped) return 'dropped';
    if (exitCode === 0) return 'succeeded';
    return attempt < this.#play.attempts && !wasHalted ? 'again' : 'failed';
  }

  #ruleIsMet(fate: string): boolean {
    const { halt } = this.#play;
    switch (halt?.on) {
      case undefined:
        return false;
      case 'fail':
        return fate === 'failed' && this.failed >= halt.limit;
      case 'success':
        return fate === 'succeeded' && this.succeeded >= halt.limit;
      case 'done':
        return this.failed + this.succeeded >= halt.limit;
    }
  }

  #expectedCode(exitCode: number): number {
    if (this.#play.halt?.on === 'success') return 0;
    return this.#play.halt?.limit === 1 ? exitCode : this.failed;
  }

  #see(what: string, seen: unknown, wanted: unknown): void {
    if (JSON.stringify(seen) !== JSON.stringify(wanted)) this.violations.push(`${what}: ${JSON.stringify(seen)}, and not ${JSON.stringify(wanted)}`);
  }

  #choose(): number {
    const choice = this.#play.choices[this.#step % this.#play.choices.length] ?? 0;
    this.#step += 1;
    return choice;
  }
}

describe('a pool of jobs', () => {
  it('gives every job that has begun one fate, starts them in order, and never more than it has slots', () => {
    fc.assert(
      fc.property(plays, (play) => {
        const played = new Played(play);
        played.run();
        const { pool, fates, begun, tries, violations } = played;
        expect(violations).toEqual([]);
        expect(begun).toEqual(begun.toSorted((left, right) => left - right));
        expect([...fates.keys()].toSorted((left, right) => left - right)).toEqual(begun.filter((seq) => fates.has(seq)));
        expect(Math.max(0, ...tries.values())).toBeLessThanOrEqual(play.attempts);
        expect(pool.exitCode).toBe(played.haltCode ?? played.failed);
        if (pool.isHalted) return;
        const wanted = Array.from({ length: play.items }, (_, index) => index + 1).filter((seq) => !play.done.includes(seq));
        expect(begun).toEqual(wanted);
        expect(fates.size).toBe(wanted.length);
        expect(pool.counts).toEqual({ done: wanted.length, failed: played.failed, running: 0, total: wanted.length });
      }),
      { numRuns: 500 },
    );
  });

  it('tells once of each attempt that takes too long, and when the next will', () => {
    const pool = new JobPool({ slots: 2, attempts: 2, halt: null, timeout: { type: 'ms', ms: 100 }, isDone: () => false, doneBefore: 0 });
    for (const item of ['a', 'b', 'c']) pool.offer([item]);
    pool.endSource();
    expect(pool.nextTimeoutMs()).toBeNull();
    expect([pool.next(0)?.seq, pool.next(40)?.seq, pool.next(40)]).toEqual([1, 2, null]);
    expect(pool.nextTimeoutMs()).toBe(100);
    expect(pool.timedOut(99)).toEqual([]);
    expect(pool.timedOut(100).map(({ seq }) => seq)).toEqual([1]);
    expect(pool.nextTimeoutMs()).toBe(140);
    expect(pool.timedOut(139)).toEqual([]);
    expect(pool.ended(1, { exitCode: 0, signal: 0 }, 150)).toMatchObject({ fate: 'again', exitCode: -1 });
    expect(pool.next(150)).toMatchObject({ seq: 1, attempt: 2 });
    expect(pool.ended(1, { exitCode: 0, signal: 15 }, 160)).toMatchObject({ fate: 'failed', exitCode: 0, signal: 15 });
    expect(pool.ended(2, { exitCode: 0, signal: 0 }, 135)).toMatchObject({ fate: 'succeeded' });
  });

  it('has no limit in percent before three jobs have succeeded', () => {
    const pool = new JobPool({ slots: 1, attempts: 1, halt: null, timeout: { type: 'percent', percent: 200 }, isDone: () => false, doneBefore: 0 });
    for (const [index, durationMs] of [100, 300, 200].entries()) {
      pool.offer([String(index)]);
      expect(pool.next(0)?.seq).toBe(index + 1);
      expect(pool.nextTimeoutMs()).toBeNull();
      pool.ended(index + 1, { exitCode: 0, signal: 0 }, durationMs);
    }
    pool.offer(['x']);
    pool.next(1000);
    expect(pool.nextTimeoutMs()).toBe(1400);
  });

  it('takes no job for late in percent that needs but milliseconds more than others', () => {
    const pool = new JobPool({ slots: 1, attempts: 1, halt: null, timeout: { type: 'percent', percent: 200 }, isDone: () => false, doneBefore: 0 });
    for (const seq of [1, 2, 3]) {
      pool.offer([String(seq)]);
      pool.next(0);
      pool.ended(seq, { exitCode: 0, signal: 0 }, 2);
    }
    pool.offer(['x']);
    pool.next(1000);
    expect(pool.timedOut(1099)).toEqual([]);
    expect(pool.nextTimeoutMs()).toBe(1100);
  });
});
