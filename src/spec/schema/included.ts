import type * as z from 'zod';
import { reading } from './reading.ts';
import { specSchema } from './spec.ts';

/** The keys of an included file: what it brings, and what it includes itself. */
export const includedSchema = reading(
  specSchema.pick({
    mpctl: true,
    include: true,
    locks: true,
    semaphores: true,
    events: true,
    conditions: true,
    barriers: true,
    queues: true,
    pipes: true,
    values: true,
    processes: true,
    daemons: true,
    finally: true,
    pools: true,
  }),
  { called: 'an included file' },
);

/** An included file as it was written, with the defaults of its shape. */
export type IncludedSpec = z.infer<typeof includedSchema>;

/** The sections in which names are given. */
export const namedSections = [
  'locks',
  'semaphores',
  'events',
  'conditions',
  'barriers',
  'queues',
  'pipes',
  'values',
  'processes',
  'daemons',
  'finally',
  'pools',
] as const satisfies readonly (keyof IncludedSpec)[];
