import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beatMs, RunningClock } from '../../../src/runtime/running-clock.ts';

/** What may happen to mpctl, and for how long. */
interface Happening {
  readonly type: 'waits for events' | 'is busy' | 'is stopped' | 'stops itself';
  readonly ms: number;
  /** Whether something asks for the time before the signals are read. */
  readonly asks: boolean;
}

/** A shorter stop that nobody announces may count. */
const shortestNoticedMs = 500.01;

const ms = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const asks = fc.boolean();
const ordinary: fc.Arbitrary<Happening>[] = [
  fc.record({ type: fc.constant('waits for events' as const), ms: ms(0, 2000), asks }),
  // It computes, waits for a processor, or is blocked by a disk or a reader.
  fc.record({ type: fc.constant('is busy' as const), ms: ms(0, 10_000), asks }),
];
const stops: fc.Arbitrary<Happening>[] = [
  fc.record({ type: fc.constant('is stopped' as const), ms: ms(shortestNoticedMs, 10_000), asks }),
  fc.record({ type: fc.constant('stops itself' as const), ms: ms(0, 10_000), asks }),
];

/** A process with a beat, whose signals are read at the end of a turn of its event loop. */
class Machine {
  realMs = 1000;
  /** Shortest and longest time that a right clock has left out so far. */
  least = 0;
  most = 0;
  readonly told: number[] = [];
  readonly clock: RunningClock;
  #nextBeatMs: number;
  /** For how long mpctl was busy since its last beat: a stop after that may begin so long after a look. */
  #busyMs = 0;
  #afterSignals: (() => void)[] = [];

  constructor() {
    this.clock = new RunningClock({ monotonicMs: () => this.realMs, afterSignals: (act) => this.#afterSignals.push(act) });
    this.clock.onStopped((stoppedMs) => this.told.push(stoppedMs));
    this.clock.watch();
    this.#nextBeatMs = this.realMs + beatMs;
  }

  happens({ type, ms: lastsMs, asks: isAsked }: Happening): void {
    let isContinued = false;
    switch (type) {
      case 'waits for events':
        for (let left = lastsMs; left > 0; ) {
          const slept = Math.min(left, Math.max(0, this.#nextBeatMs - this.realMs));
          this.realMs += slept;
          left -= slept;
          this.#turn(false, false);
        }
        return;
      case 'is busy':
        this.realMs += lastsMs;
        this.#busyMs += lastsMs;
        break;
      case 'is stopped':
        this.realMs += lastsMs;
        this.least += lastsMs;
        this.most += lastsMs + beatMs + this.#busyMs;
        isContinued = true;
        break;
      case 'stops itself':
        this.clock.stand();
        this.realMs += lastsMs;
        this.clock.goOn();
        this.least += lastsMs;
        this.most += lastsMs;
        isContinued = true;
        break;
    }
    this.#turn(isAsked, isContinued);
  }

  /** Timers, signals, and what was put off until then, as in the event loop. */
  #turn(isAsked: boolean, isContinued: boolean): void {
    if (this.realMs >= this.#nextBeatMs) {
      this.clock.nowMs();
      this.#nextBeatMs = this.realMs + beatMs;
      this.#busyMs = 0;
    }
    if (isAsked) this.clock.nowMs();
    if (isContinued) this.clock.continued();
    for (const act of this.#afterSignals.splice(0)) act();
  }
}

describe('the running clock', () => {
  it('leaves out every stop and little besides, tells that, and never goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...ordinary, ...stops), { maxLength: 60 }), (happenings) => {
        const machine = new Machine();
        const begunMs = machine.clock.nowMs();
        const begunRealMs = machine.realMs;
        let beforeMs = begunMs;
        for (const happening of happenings) {
          machine.happens(happening);
          expect(machine.clock.isInDoubt).toBe(false);
          const nowMs = machine.clock.nowMs();
          expect(nowMs).toBeGreaterThanOrEqual(beforeMs - 1e-6);
          beforeMs = nowMs;
          const leftOut = machine.realMs - begunRealMs - (nowMs - begunMs);
          expect(leftOut).toBeGreaterThanOrEqual(machine.least - 1e-6);
          expect(leftOut).toBeLessThanOrEqual(machine.most + 1e-6);
          expect(machine.told.reduce((sum, stopped) => sum + stopped, 0)).toBeCloseTo(leftOut, 3);
        }
      }),
    );
  });

  it('counts whatever else keeps mpctl from looking at it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...ordinary), { maxLength: 60 }), (happenings) => {
        const machine = new Machine();
        const begunMs = machine.clock.nowMs();
        const begunRealMs = machine.realMs;
        for (const happening of happenings) machine.happens(happening);
        expect(machine.clock.nowMs() - begunMs).toBeCloseTo(machine.realMs - begunRealMs, 3);
        expect(machine.told).toEqual([]);
      }),
    );
  });

  it('stands in doubt, and a doubt of before ends none of later', () => {
    const acts: (() => void)[] = [];
    let realMs = 0;
    const clock = new RunningClock({ monotonicMs: () => realMs, afterSignals: (act) => acts.push(act) });
    clock.watch();
    realMs = 600;
    expect([clock.nowMs(), clock.isInDoubt]).toEqual([0, true]);
    realMs = 700;
    expect(clock.nowMs()).toBe(0);
    clock.continued();
    expect([clock.nowMs(), clock.isInDoubt]).toEqual([0, false]);
    realMs = 1400;
    expect([clock.nowMs(), clock.isInDoubt]).toEqual([0, true]);
    acts[0]?.();
    expect(clock.isInDoubt).toBe(true);
    acts[1]?.();
    expect([clock.nowMs(), clock.isInDoubt]).toEqual([700, false]);
  });

  it('takes no wait for a stop while nobody watches it', () => {
    const machine = new Machine();
    const begunMs = machine.clock.nowMs();
    machine.clock.unwatch();
    machine.realMs += 60_000;
    machine.clock.continued();
    expect(machine.clock.nowMs() - begunMs).toBe(60_000);
  });

  it('stands while it is asked in the middle of a stop that was announced', () => {
    const machine = new Machine();
    const begunMs = machine.clock.nowMs();
    machine.clock.stand();
    machine.realMs += 5000;
    expect(machine.clock.nowMs()).toBe(begunMs);
    machine.clock.goOn();
    expect(machine.clock.nowMs()).toBe(begunMs);
    expect(machine.told).toEqual([5000]);
  });
});
