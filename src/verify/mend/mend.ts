import type { Plan } from '../../plan/plan.ts';

/** A change of a plan that may take a deadlock out of it. No process, lock or step is left out. */
export interface Mend {
  /** What to write, as an advice. */
  readonly hint: string;
  readonly plan: Plan;
  /** The advice says itself that something fails then. */
  readonly fails?: true;
}
