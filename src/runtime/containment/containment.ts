import type { Plan } from '../../plan/plan.ts';

/** By what the processes of a run are found, from the least to the most: see the reference of the spec. */
export type ContainmentLevel = Exclude<Plan['containment'], 'auto'>;

/** What holds the processes of one run together besides their groups and their marks. */
export interface Containment {
  /** The one in force. */
  readonly level: ContainmentLevel;
  /** Absolute folder of the run's own cgroup; null where it has none. */
  readonly cgroup: string | null;
  /** Takes mpctl in, once: before it starts anybody who belongs to the run. Gives why that cannot be, or null. */
  enter(): Promise<string | null>;
  /** Pids of all that belong to the run, whatever they have done; mpctl itself and what it works with are among them. */
  members(): readonly number[];
  /** Takes mpctl out and kills whoever is still there. Gives why that cannot be, or null. */
  leave(): Promise<string | null>;
}

/** Nothing does: `group` and `marker`. */
export function looseContainment(level: ContainmentLevel): Containment {
  return { level, cgroup: null, enter: () => Promise.resolve(null), members: () => [], leave: () => Promise.resolve(null) };
}
