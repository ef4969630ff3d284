import { setFlagsFromString } from 'node:v8';
import type { RunEvent } from '../src/engine/run-event.ts';

/**
 * Some nine times what V8 waits by default before it looks whether to optimise a function, in bytes of bytecode that it has
 * executed: its compiler takes the cores from the processes that a run starts, and the pages it writes make each fork dearer.
 * With the default, 1,000 processes take about a tenth longer.
 */
const flagsOfForks = ['--interrupt-budget=600000'];
/**
 * Less than a third of the default, and it optimises at the first look. The commands of a pool are started by the shells of its
 * slots, whose forks cost mpctl nothing: what counts is how soon its own work on each of them is quick. With the default, 5,000
 * of them take mpctl some 14 % more of a processor. Of long ones it is the other way round: what its compiler takes costs them more
 * than is won by the end of the run, some 150 ms of a processor with 480 of 50 ms, where the forks' flags take a third of that.
 */
const flagsOfTasks = ['--interrupt-budget=20000', '--ticks-before-optimization=1'];
/** Of Node 20. Later ones count invocations in place of bytes, and say of a flag that they do not know it, on standard error. */
const v8OfFlags = '11.3.';
/** A run of so many commands will have many more. */
const many = 16;
/** Tasks of which that many end within this time are short. */
const shortTasksMs = 250;

/**
 * Tells V8 what to optimise, once a run is one of many short commands. Whoever starts few is spared the price: under
 * other flags V8 takes no code cache, neither ours nor those of Node's own modules.
 */
export class OptimizeInTime {
  readonly #setFlag: (flag: string) => void;
  readonly #knowsFlags: boolean;
  #processes = 0;
  /** When the last tasks ended, at most that many. */
  readonly #taskEnds: number[] = [];
  /** Whether tasks were found to be short, which they stay. */
  #hasShortTasks = false;

  constructor(setFlag: (flag: string) => void = setFlagsFromString, v8 = process.versions.v8) {
    this.#setFlag = setFlag;
    this.#knowsFlags = v8.startsWith(v8OfFlags);
  }

  handle({ type, at }: RunEvent): void {
    if (type === 'instance.started') {
      this.#processes += 1;
      if (this.#processes === many) this.#setFlags(flagsOfForks);
    } else if (type === 'task.ended' && !this.#hasShortTasks) {
      this.#taskEnded(at);
    }
  }

  #taskEnded(at: number): void {
    const wasEarly = this.#taskEnds.length < many;
    this.#taskEnds.push(at);
    if (this.#taskEnds.length < many) return;
    if (!wasEarly) this.#taskEnds.shift();
    this.#hasShortTasks = at - (this.#taskEnds[0] ?? at) <= shortTasksMs;
    if (this.#hasShortTasks) this.#setFlags(flagsOfTasks);
    else if (wasEarly) this.#setFlags(flagsOfForks);
  }

  #setFlags(flags: readonly string[]): void {
    if (this.#knowsFlags) for (const flag of flags) this.#setFlag(flag);
  }
}
