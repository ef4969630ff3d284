import { readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { until, withinLoad } from './deadline.ts';
import type { FaultRun } from './fault-run.ts';
import type { WaitStatus } from './namespace.ts';

/** What a case says of its end. */
export interface ExpectedEnd {
  /** Of what was started. */
  readonly status: Partial<WaitStatus>;
  /** From the call until nothing is left, on an idle machine. */
  readonly withinMs: number;
  /** In the record of the run; null where nobody could note it. */
  readonly outcome?: 'success' | 'failure' | 'timed_out' | 'cancelled' | 'killed' | null;
  /** Processes that are not of the run. */
  readonly others?: readonly number[];
}

/** What a run keeps for whoever looks at it later. */
const kept = /^(?:run\.json|operator\.key|.*\.log(?:\.\d+)?|fates|results.*)$/u;

/**
 * The oracles, to be called right after the fault: what was started has ended as the case says, nothing
 * else of its namespace lives, nobody carries the mark of the run, its folder has only what is kept, and
 * all that within the bound. Gives how long it took, in ms.
 */
export async function expectEnd(run: FaultRun, { status, withinMs, outcome, others = [] }: ExpectedEnd): Promise<number> {
  const { processes } = run.namespace;
  const begun = performance.now();
  const ended = await run.ended(withinMs);
  const left = () => processes.living().filter(({ pid }) => !others.includes(pid));
  await until(() => (left().length === 0 ? true : null), () => `an empty process table: ${JSON.stringify(left())}`, withinMs);
  const tookMs = performance.now() - begun;
  expect(ended).toMatchObject(status);
  expect(tookMs).toBeLessThan(withinLoad(withinMs));
  const found = run.found();
  expect(processes.marked(found?.record.id).filter(({ pid }) => !others.includes(pid))).toEqual([]);
  if (found !== null) expect(readdirSync(found.folder).filter((name) => !kept.test(name))).toEqual([]);
  if (outcome !== undefined) expect(found?.record.end?.outcome ?? null).toBe(outcome);
  return tookMs;
}

/** The signals that a worker has noted, sorted: the handlers of two that were there when it came to run begin with the last one. */
export function signalsIn(text: string): readonly string[] {
  return text.trimEnd().split('\n').toSorted();
}

/** Remembers how many descriptors mpctl has; the answer waits until it has no more than then. */
export function descriptorsOf(run: FaultRun, pid = run.pid): () => Promise<void> {
  const look = (): readonly string[] => [...run.namespace.processes.descriptors(pid).values()].toSorted();
  const before = look();
  return async () => {
    await until(() => (look().length <= before.length ? true : null), () => `as many descriptors as before: ${JSON.stringify({ before, after: look() })}`);
  };
}
