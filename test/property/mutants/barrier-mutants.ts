import type { Mutant } from './mutant.ts';

/** Wrong barriers. */
export const barrierMutants: readonly Mutant[] = [
  {
    fault: 'those who wait are not told that it is broken',
    file: 'barrier.ts',
    find: "    this.#settleAll(() => failed('broken'));",
    replace: '',
  },
  {
    fault: 'it opens one party too early',
    file: 'barrier.ts',
    find: 'index + 1 >= this.#parties',
    replace: 'index + 2 >= this.#parties',
  },
  {
    fault: 'everybody gets the same index',
    file: 'barrier.ts',
    find: 'this.#settleAll((arrival) => granted(arrival));',
    replace: 'this.#settleAll(() => granted(0));',
  },
  {
    fault: 'a time-out leaves it whole',
    file: 'barrier.ts',
    find: '    this.#waits.settle(waiter, timedOut);\n    this.#break();',
    replace: '    this.#waits.settle(waiter, timedOut);',
  },
  {
    fault: 'a wait with no time left leaves it whole',
    file: 'barrier.ts',
    find: '      this.#waits.answer(request, timedOut);\n      this.#break();',
    replace: '      this.#waits.answer(request, timedOut);',
  },
  {
    fault: 'a reset repairs what has too few parties',
    file: 'barrier.ts',
    find: '    this.#broken = this.#closed;',
    replace: '    this.#broken = false;',
  },
  {
    fault: 'reset lets those who wait go on waiting',
    file: 'barrier.ts',
    find: '    this.#break();\n    this.#broken = this.#closed;',
    replace: '    this.#broken = this.#closed;',
  },
  {
    fault: 'its own time limit is ignored',
    file: 'barrier.ts',
    find: 'request.deadlineMs ?? ownDeadlineMs',
    replace: 'request.deadlineMs',
  },
];
