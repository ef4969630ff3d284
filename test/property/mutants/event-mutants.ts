import type { Mutant } from './mutant.ts';

/** Wrong events. */
export const eventMutants: readonly Mutant[] = [
  {
    fault: 'lost wake-up: set wakes only the first',
    file: 'flag.ts',
    find: 'while (this.#waiting.head !== null) this.#waits.settle(this.#waiting.head.value, granted());',
    replace: 'if (this.#waiting.head !== null) this.#waits.settle(this.#waiting.head.value, granted());',
  },
  {
    fault: 'set wakes those who wait and is forgotten',
    file: 'flag.ts',
    find: '    this.#isSet = true;',
    replace: '',
  },
  {
    fault: 'an orphaned wait goes on waiting',
    file: 'flag.ts',
    find: "while (this.#waiting.head !== null) this.#waits.settle(this.#waiting.head.value, failed('impossible'));",
    replace: '',
  },
  {
    fault: 'a wait that comes after the orphaning hangs',
    file: 'flag.ts',
    find: 'else if (this.#orphaned)',
    replace: 'else if (false)',
  },
  {
    fault: 'an orphaned event that is set all the same fails its waits',
    file: 'flag.ts',
    find: 'if (this.#isSet) this.#waits',
    replace: 'if (this.#isSet && !this.#orphaned) this.#waits',
  },
  {
    fault: 'clear does nothing',
    file: 'flag.ts',
    find: '    this.#isSet = false;',
    replace: '',
  },
];
