import type { StepSpec } from '../../spec/schema/step.ts';

/** What steps keep under the names of their `as`. */
export interface StoredNames {
  /** `${{ vars.NAME }}` gives their values. */
  readonly variables: ReadonlySet<string>;
  /** Of `submit`: only a `result` step takes them. */
  readonly handles: ReadonlySet<string>;
}

/** What nothing stores. */
export const nothingStored: StoredNames = { variables: new Set(), handles: new Set() };

/** Everything that these steps and those inside them store. */
export function storedBy(steps: readonly StepSpec[] | undefined): StoredNames {
  if (steps === undefined) return nothingStored;
  const variables = new Set<string>();
  const handles = new Set<string>();
  const visit = (list: readonly StepSpec[]): void => {
    for (const step of list) {
      if ('as' in step && step.as !== undefined) ('submit' in step ? handles : variables).add(step.as);
      if ('do' in step) visit(step.do);
      if ('on_timeout' in step && Array.isArray(step.on_timeout)) visit(step.on_timeout);
    }
  };
  visit(steps);
  return { variables, handles };
}
