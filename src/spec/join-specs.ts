import type { IncludedSpec } from './schema/included.ts';
import type { Spec } from './schema/spec.ts';

/** The spec with what the included files define behind what it defines itself; their names do not clash. */
export function joinSpecs(main: Spec, included: readonly IncludedSpec[]): Spec {
  return included.reduce<Spec>(
    (joined, { locks, semaphores, events, conditions, barriers, queues, pipes, values, processes, daemons, finally: last, pools }) => ({
      ...joined,
      locks: { ...joined.locks, ...locks },
      semaphores: { ...joined.semaphores, ...semaphores },
      events: { ...joined.events, ...events },
      conditions: { ...joined.conditions, ...conditions },
      barriers: { ...joined.barriers, ...barriers },
      queues: { ...joined.queues, ...queues },
      pipes: { ...joined.pipes, ...pipes },
      values: { ...joined.values, ...values },
      processes: { ...joined.processes, ...processes },
      daemons: { ...joined.daemons, ...daemons },
      finally: { ...joined.finally, ...last },
      pools: { ...joined.pools, ...pools },
    }),
    main,
  );
}
