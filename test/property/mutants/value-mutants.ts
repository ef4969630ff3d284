import type { Mutant } from './mutant.ts';

/** Wrong shared values. */
export const valueMutants: readonly Mutant[] = [
  {
    fault: 'compare_and_set always sets',
    file: 'value.ts',
    find: 'if (equal) this.#value = value;',
    replace: 'this.#value = value;',
  },
  {
    fault: 'compare_and_set compares by identity',
    file: 'value.ts',
    find: 'jsonEqual(this.#value, expected)',
    replace: 'this.#value === expected',
  },
  {
    fault: 'the order of keys matters',
    file: 'value.ts',
    find: 'jsonEqual(this.#value, expected)',
    replace: 'JSON.stringify(this.#value) === JSON.stringify(expected)',
  },
  {
    fault: 'add gives the value from before',
    file: 'value.ts',
    find: 'granted(sum));',
    replace: 'granted(sum - by));',
  },
  {
    fault: 'add takes true for one',
    file: 'value.ts',
    find: "typeof this.#value !== 'number'",
    replace: "typeof this.#value === 'object'",
  },
  {
    fault: 'add makes a number that JSON does not have',
    file: 'value.ts',
    find: '!Number.isFinite(sum)',
    replace: 'Number.isNaN(sum)',
  },
  {
    fault: 'add counts on where it no longer counts by ones',
    file: 'value.ts',
    find: '&& !isExact(sum)',
    replace: '&& !Number.isFinite(sum)',
  },
];

/** Wrong tables: how waits end whatever they wait for. */
export const tableMutants: readonly Mutant[] = [
  {
    fault: 'a deadline that is reached has not passed yet',
    file: 'sync-table.ts',
    find: 'waiter.deadlineMs <= nowMs ? waiter',
    replace: 'waiter.deadlineMs < nowMs ? waiter',
  },
  {
    fault: 'a request settles twice: a cancelled wait stays listed',
    file: 'sync-table.ts',
    find: '      this.#waits.settle(waiter, cancelled);',
    replace: '      this.#waits.answer(waiter.request, cancelled);',
  },
  {
    fault: 'the waits of an ended instance stay',
    file: 'sync-table.ts',
    find: '    this.#callOff(this.#waits.ofInstance(instance));',
    replace: '',
  },
];
