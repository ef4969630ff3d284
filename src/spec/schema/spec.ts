import * as z from 'zod';
import { environment, environmentFiles } from './command.ts';
import {
  loadTimeText,
  longestTimeOrInterpolated,
  name,
  orInterpolated,
  path,
  positiveCountOrInterpolated,
} from './leaves.ts';
import { pool } from './pool.ts';
import { primitiveSections } from './primitives.ts';
import { process } from './process.ts';
import { reading } from './reading.ts';
import { stop } from './timing.ts';

function named<T extends z.ZodType>(thing: T): z.ZodRecord<typeof name, T> {
  return reading(z.record(name, thing), { names: true });
}

/** The whole spec: the one source of its shape, its defaults, its JSON Schema and its reference. */
export const specSchema = reading(
  z.strictObject({
    mpctl: reading(z.literal(1).optional().describe('Version of the language.'), { expected: 'the language version `1`' }),
    name: loadTimeText.optional().describe("Name of the run; default the name of the spec's folder."),
    description: loadTimeText.optional().describe('What it is for.'),
    environment: environment.optional().describe('Variables of every process, as a map or a list of `NAME=VALUE`; its own `environment` wins over them, and `mpctl run --env` over both.'),
    env_file: environmentFiles.optional().describe('Files of variables, below `environment`; a missing one is an error unless `required: false`.'),
    shell: reading(
      z.array(loadTimeText).min(1).default(['/bin/sh', '-e', '-c']).describe('What runs a command that is a string.'),
      { sample: '[bash, -e, -c]', bareForm: (written) => `[${written.split(/\s+/).join(', ')}, -c]` },
    ),
    working_dir: path.default('.').describe('Where everything runs, relative to this file.'),
    include: z
      .union([path, z.array(path)])
      .optional()
      .describe('Files with more primitives, processes, daemons, pools and `finally`.'),
    on_failure: orInterpolated(z.enum(['stop', 'continue']))
      .default('stop')
      .describe('`stop`: the first failure stops everything except `finally`, and skips what waits for that very failure · `continue`: only what depended on it is skipped.'),
    timeout: longestTimeOrInterpolated.optional().describe('Of the whole run. Default none.'),
    stop: stop.optional().describe('How processes are stopped unless they say otherwise.'),
    max_parallel: positiveCountOrInterpolated.optional().describe('Most commands at once, daemons not counted. Default no limit.'),
    containment: z
      .enum(['auto', 'group', 'marker', 'cgroup', 'pidns'])
      .default('auto')
      .describe('By what everything is found that a run has started, to end it: see [Containment](#containment). What cannot be had is an error.'),
    ...primitiveSections,
    processes: named(process).default({}).describe('What runs; the run ends when they have ended.'),
    daemons: named(process).default({}).describe('What runs beside them and is stopped at the end.'),
    finally: named(process).default({}).describe('What runs at the end, whatever happened.'),
    pools: named(pool).default({}).describe('Many tasks over a fixed number of workers.'),
  }),
  { called: 'the spec' },
).meta({ id: 'spec' });

/** The whole spec as it was written, with the defaults of its shape; `${{ }}` is still in it. */
export type Spec = z.infer<typeof specSchema>;
