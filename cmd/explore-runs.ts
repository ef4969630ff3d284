import { exitCodes } from '../src/base/exit-codes.ts';
import type { InOrder } from '../src/runtime/turns.ts';
import { exitWith, type Exit } from './exit.ts';
import { takeRandomOrder } from './in-order.ts';

/** How often a spec is run, and in which orders. */
export interface Exploration {
  readonly runs: number;
  /** Of the first run; each has one more than the one before. */
  readonly seed: number;
}

/**
 * Runs a spec again and again, each time in another order, and says of each which. It goes on after a run that fails, and ends
 * as the first of them; a signal ends it.
 */
export async function exploreRuns({ runs, seed }: Exploration, write: (text: string) => void, run: (inOrder: InOrder) => Promise<Exit>): Promise<Exit> {
  const failures: { readonly seed: number; readonly code: number }[] = [];
  for (let index = 0; index < runs; index += 1) {
    const own = seed + index;
    write(`mpctl: run ${String(index + 1)} of ${String(runs)}, seed ${String(own)}\n`);
    // One after the other: each is a run of its own, with its own folder.
    const exit = await run(takeRandomOrder(own));
    if (exit.type === 'signal') return exit;
    if (exit.code !== exitCodes.success) failures.push({ seed: own, code: exit.code });
  }
  const [first] = failures;
  const ends = new Map<number, number[]>();
  for (const failure of failures) ends.set(failure.code, [...(ends.get(failure.code) ?? []), failure.seed]);
  const parts = [`${String(runs - failures.length)} ended with 0`, ...[...ends].map(([code, seeds]) => `${String(seeds.length)} with ${String(code)} (seed ${seeds.join(', ')})`)];
  write(`mpctl: of ${String(runs)} runs, ${parts.join(', ')}${first === undefined ? '' : `; the first of those again: \`--explore 1 --seed ${String(first.seed)}\``}\n`);
  return exitWith(first?.code ?? exitCodes.success);
}
