/** What goes wrong around a run; shares are from 0 to 1, and what happens to whom is up to the seed of the world. */
export interface WorldFaults {
  /** When somebody who runs is ended by a signal that mpctl has not sent, in ms. */
  readonly deathsMs: readonly number[];
  /** The share of spawns that fail, and of those that take long. */
  readonly failingSpawns: number;
  readonly slowSpawns: number;
  /** The share of ends of which the engine hears late, and of those whose cause nobody knows. */
  readonly lateExits: number;
  readonly lostExits: number;
  /** The clock goes on by so much at once, as when the machine was asleep. */
  readonly jumps: readonly { readonly atMs: number; readonly byMs: number }[];
  /** While no file takes another line. */
  readonly fullDisk: readonly { readonly fromMs: number; readonly untilMs: number }[];
}

/** The longest that a slow spawn takes, and that an end is heard late, in ms. */
const slowestSpawnMs = 400;
export const latestExitMs = 600;

const deadly = ['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGTERM'] as const;
/** Codes of the catalogue, and what a shell would say. */
const refusals: readonly (readonly [code: string, exitCode: number])[] = [
  ['MP801', 127],
  ['MP802', 126],
  ['MP804', 126],
];

/** How a start goes wrong. */
export type SpawnFault = { readonly type: 'fails'; readonly code: string; readonly exitCode: number } | { readonly type: 'slow'; readonly delayMs: number };

/** Draws what goes wrong next; without faults, nothing does. */
export class VirtualFaults {
  readonly #faults: WorldFaults | null;
  readonly #random: () => number;

  constructor(faults: WorldFaults | null, random: (() => number) | null) {
    this.#faults = faults;
    this.#random = random ?? (() => 1);
  }

  spawnFault(): SpawnFault | null {
    if (this.#faults === null) return null;
    const dice = this.#random();
    if (dice < this.#faults.failingSpawns) {
      const [code, exitCode] = this.#oneOf(refusals);
      return { type: 'fails', code, exitCode };
    }
    return dice < this.#faults.failingSpawns + this.#faults.slowSpawns ? { type: 'slow', delayMs: this.#random() * slowestSpawnMs } : null;
  }

  /** So much later the engine hears of an end. */
  exitDelayMs(): number {
    return this.#faults !== null && this.#random() < this.#faults.lateExits ? this.#random() * latestExitMs : 0;
  }

  isLost(): boolean {
    return this.#faults !== null && this.#random() < this.#faults.lostExits;
  }

  /** Which of those who run dies, and of what; null where nobody runs. */
  death<Victim>(running: readonly Victim[]): { readonly victim: Victim; readonly signal: string } | null {
    const victim = running[Math.floor(this.#random() * running.length)];
    return victim === undefined ? null : { victim, signal: this.#oneOf(deadly) };
  }

  isDiskFull(nowMs: number): boolean {
    return this.#faults?.fullDisk.some(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs) === true;
  }

  #oneOf<One>(list: readonly One[]): One {
    const one = list[Math.floor(this.#random() * list.length)];
    if (one === undefined) throw new Error('there is none to choose');
    return one;
  }
}
