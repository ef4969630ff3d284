import { setFlagsFromString } from 'node:v8';
import type { RunEvent } from '../src/engine/run-event.ts';

/** Some five times what V8 waits by default, in bytes of bytecode that a function has executed. */
const interruptBudgetBytes = 600_000;
/** A run that has started so many commands will start many more. */
const manyStarts = 16;

/**
 * Lets V8 optimise only what has run for long, once a run is one of many short commands. Its compiler takes
 * the cores from the processes that a run starts, and the pages it writes make each fork dearer: with the
 * default, 1,000 of them take about a tenth longer. Whoever starts few commands is spared the price: under
 * other flags V8 takes no code cache, neither ours nor those of Node's own modules.
 */
export class OptimizeLate {
  #starts = 0;

  handle({ type }: RunEvent): void {
    if (type !== 'instance.started' && type !== 'task.started') return;
    this.#starts += 1;
    if (this.#starts === manyStarts) setFlagsFromString(`--interrupt-budget=${String(interruptBudgetBytes)}`);
  }
}
