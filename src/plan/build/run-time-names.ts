import { nothingStored } from './stored-names.ts';
import type { StoredNames } from './stored-names.ts';

/**
 * What `${{ }}` may name at one place once the run goes on. Steps are planned in the order in which they
 * run, so the names grow with every step that is planned.
 */
export class RunTimeNames {
  /** Whether there is the item of a task. */
  readonly hasItem: boolean;
  /** What all steps of the same process or pool store, those behind this place included. */
  readonly stored: StoredNames;
  readonly #variables: Set<string>;

  private constructor(hasItem: boolean, stored: StoredNames, variables: Iterable<string>) {
    this.hasItem = hasItem;
    this.stored = stored;
    this.#variables = new Set(variables);
  }

  /** For what is filled in apart from any step or task: `stop`, probes, the sources of tasks. */
  static readonly none = new RunTimeNames(false, nothingStored, []);

  /** Before the first of the steps that store these names. */
  static beforeSteps(hasItem: boolean, stored: StoredNames): RunTimeNames {
    return new RunTimeNames(hasItem, stored, []);
  }

  /** For what is filled in anew at each of the steps, such as the environment. */
  static atAnyStep(hasItem: boolean, stored: StoredNames): RunTimeNames {
    return new RunTimeNames(hasItem, stored, stored.variables);
  }

  /** The variables that a step before this place may have set. */
  get variables(): ReadonlySet<string> {
    return this.#variables;
  }

  /** From here on these may have been set. */
  learn(variables: Iterable<string>): void {
    for (const variable of variables) this.#variables.add(variable);
  }
}
