import type { PoolPlan } from '../plan/plan.ts';
import type { EngineOptions } from './engine-options.ts';
import { attemptVariables, type Variables } from './run-variables.ts';
import type { TaskState } from './unit-state.ts';

/** What a slot has last been given, and for an attempt of which number. */
interface Given {
  readonly attempt: number;
  readonly variables: Variables;
}

/**
 * The variables that every task of a slot has alike, put together once for as long as the number of the attempt stays the same:
 * whoever starts thousands of tasks sees by their identity that they have not changed.
 */
export class SlotVariables {
  readonly #options: EngineOptions;
  /** By the name of the slot. */
  readonly #given = new Map<string, Given>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  of(plan: PoolPlan, { slot, attempt }: TaskState): Variables {
    const name = `${plan.name}-${slot ?? 0}`;
    const given = this.#given.get(name);
    if (given?.attempt === attempt) return given.variables;
    const variables: Variables = [...attemptVariables(this.#options, name, attempt), ['MPCTL_WORKER', String(slot ?? 0)]];
    this.#given.set(name, { attempt, variables });
    return variables;
  }
}
