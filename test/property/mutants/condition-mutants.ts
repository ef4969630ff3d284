import type { Mutant } from './mutant.ts';

/** Wrong conditions. */
export const conditionMutants: readonly Mutant[] = [
  {
    fault: 'a wait comes back without the lock when its time runs out',
    file: 'condition.ts',
    find: "    this.#moveToLock(waiter, 'timed_out');",
    replace: "    this.#waits.settle(waiter, { status: 'timed_out' });",
  },
  {
    fault: 'a reentrant lock comes back entered once',
    file: 'holds.ts',
    find: '    return depth;',
    replace: '    return 1;',
  },
  {
    fault: 'lost wake-up: the lock that a wait gives up goes to nobody',
    file: 'holds.ts',
    find: '    this.#giveBack(owner, lock, depth);\n    this.serve();',
    replace: '    this.#giveBack(owner, lock, depth);',
  },
  {
    fault: 'lost wake-up: a notification is lost with its cancelled receiver',
    file: 'condition.ts',
    find: '    this.#unclaimed += 1;',
    replace: '',
  },
  {
    fault: 'notify wakes everybody',
    file: 'condition.ts',
    find: "count === 'all' ? this.#waiting.size : count",
    replace: 'this.#waiting.size',
  },
  {
    fault: 'notify needs no lock',
    file: 'condition.ts',
    find: "count: number | 'all'): void {\n    if (!this.#lock.isOwner(request.owner)) {",
    replace: "count: number | 'all'): void {\n    if (false) {",
  },
  {
    fault: 'an orphaned wait goes on waiting',
    file: 'condition.ts',
    find: "      if (!runsItsTime(value.request)) this.#moveToLock(value, 'failed');\n",
    replace: '',
  },
  {
    fault: 'an orphaned wait says that it was notified',
    file: 'condition.ts',
    find: "this.#moveToLock(value, 'failed');",
    replace: "this.#moveToLock(value, 'granted');",
  },
];
