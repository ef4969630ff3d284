import type { IncludedSpec } from './schema/included.ts';
import type { Spec } from './schema/spec.ts';

/** The spec with what the included files define behind what it defines itself; their names do not clash. */
export function joinSpecs(main: Spec, included: readonly IncludedSpec[]): Spec {
  if (included.length === 0) return main;
  const all = [main, ...included];
  const join = <T>(sectionOf: (spec: IncludedSpec) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(all.flatMap((spec) => Object.entries(sectionOf(spec))));
  return {
    ...main,
    locks: join(({ locks }) => locks),
    semaphores: join(({ semaphores }) => semaphores),
    events: join(({ events }) => events),
    conditions: join(({ conditions }) => conditions),
    barriers: join(({ barriers }) => barriers),
    queues: join(({ queues }) => queues),
    pipes: join(({ pipes }) => pipes),
    values: join(({ values }) => values),
    processes: join(({ processes }) => processes),
    daemons: join(({ daemons }) => daemons),
    finally: join((spec) => spec.finally),
    pools: join(({ pools }) => pools),
  };
}
