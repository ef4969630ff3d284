import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** A line as the golden file shows it, its `[name]` in front; of several, the first that appeared counts. */
const line = z.union([z.string(), z.array(z.string()).min(2)]);

const expectation = z.strictObject({
  /** The exit code, or the signal that mpctl dies of. */
  ends: z.union([z.int().min(0).max(255), z.enum(['SIGINT', 'SIGTERM'])]).default(0),
  /** The signal that mpctl gets once all of these pieces of text have appeared; `mpctl: …` on stderr, others on stdout. */
  interrupt: z.strictObject({ signal: z.enum(['SIGINT', 'SIGTERM']), after: z.array(z.string()).min(1) }).optional(),
  /** What one process prints before what another prints. Each line appears once. */
  order: z.array(z.strictObject({ first: line, before: z.string() })).default([]),
  /** What mpctl itself says on stderr, in this order; it may say more. */
  notices: z.array(z.string()).default([]),
  /** Files that the example writes. */
  files: z.array(z.string()).default([]),
  /** Files that several processes write: the lines of each, which stand together; who was first is left open. */
  blocks: z.record(z.string(), z.array(z.array(z.string()).min(1))).default({}),
  /** Pools with their workers, of which the first that is free takes the next task: `<id>` stands for it, lines are sorted. */
  pools: z.record(z.string(), z.int().min(1)).default({}),
  /** It runs on one processor, whatever the machine has. */
  oneProcessor: z.boolean().default(false),
});

/** What `expected.txt` cannot say about an example: how it ends, and which line comes before which. */
export type ExampleExpectation = z.output<typeof expectation>;

/** Reads `expected.json` of an example's folder; without the file the example ends with 0. */
export function readExpectation(folder: string): ExampleExpectation {
  const file = path.join(folder, 'expected.json');
  return expectation.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
}
