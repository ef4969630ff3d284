import type { Mutant } from './mutant.ts';

/** Wrong semaphores, and wrong orders of waiting demands. */
export const semaphoreMutants: readonly Mutant[] = [
  {
    fault: 'double grant: one permit more than there is',
    file: 'semaphore.ts',
    find: '    return permits <= this.#free;',
    replace: '    return permits <= this.#free + 1;',
  },
  {
    fault: 'a permit is lost at release',
    file: 'semaphore.ts',
    find: '    this.#free += permits;\n    let left',
    replace: '    this.#free += 1;\n    let left',
  },
  {
    fault: 'owner not released when its instance ends',
    file: 'semaphore.ts',
    find: '      this.#free += this.#takeOff(node, node.value.permits);',
    replace: '      this.#takeOff(node, node.value.permits);',
  },
  {
    fault: 'a bounded semaphore grows',
    file: 'semaphore.ts',
    find: "this.#bounded && permits > this.#held ? 'over_released'",
    replace: "false ? 'over_released'",
  },
  {
    fault: 'a demand that can never fit waits for ever',
    file: 'semaphore.ts',
    find: '!this.#bounded || permits <= this.#permits',
    replace: 'true',
  },
  {
    fault: 'a demand for one of no permits that may wait its time is refused',
    file: 'semaphore.ts',
    find: 'unlimited || this.#permits > 0',
    replace: 'true',
  },
  {
    fault: 'a demand for one of no permits waits for ever',
    file: 'semaphore.ts',
    find: 'unlimited || this.#permits > 0',
    replace: 'this.#permits > 0',
  },
  {
    fault: 'a foreign release is not told',
    file: 'semaphore.ts',
    find: '      from.set(instance, (from.get(instance) ?? 0) + taken);\n',
    replace: '',
  },
  {
    fault: 'barging: a newcomer goes past an earlier demand at a fair semaphore',
    file: 'demand-lines.ts',
    find: '!(resource.fair && this.#hasEarlier(resource, arrival))',
    replace: '(arrival !== arrival || true)',
  },
  {
    fault: 'the last to arrive is served first',
    file: 'demand-lines.ts',
    find: 'earliest.arrival <= first.arrival',
    replace: 'earliest.arrival >= first.arrival',
  },
  {
    fault: 'a waiter who leaves a fair line lets nobody past',
    file: 'demand-lines.ts',
    find: 'if (resource.fair) this.mark(resource);',
    replace: '',
  },
];

/** Wrong demands for several at once. */
export const demandMutants: readonly Mutant[] = [
  {
    fault: 'lost wake-up: a release hands nothing over',
    file: 'holds.ts',
    find: '    this.#waits.answer(request, granted());\n    this.serve();',
    replace: '    this.#waits.answer(request, granted());',
  },
  {
    fault: 'lost wake-up: the end of an owner hands nothing over',
    file: 'holds.ts',
    find: '    if (held?.size === 0) this.#heldBy.delete(instance);\n    this.serve();',
    replace: '    if (held?.size === 0) this.#heldBy.delete(instance);',
  },
  {
    fault: 'a release returns only the first of several',
    file: 'holds.ts',
    find: 'for (const { resource, permits } of found) this.#giveBack(owner, resource, permits);',
    replace: 'for (const { resource, permits } of found.slice(0, 1)) this.#giveBack(owner, resource, permits);',
  },
  {
    fault: 'strict order: nobody goes past a demand that does not fit',
    file: 'demand-lines.ts',
    find: 'resource.fits(owner, permits) && !(resource.fair && ',
    replace: 'resource.fits(owner, permits) && !(',
  },
  {
    fault: 'only one waiter is served per release',
    file: 'holds.ts',
    find: 'waiter !== null; waiter = this.#lines.firstFitting()) {',
    replace: 'waiter !== null; waiter = null) {',
  },
  {
    fault: 'a time-out lets nobody past',
    file: 'holds.ts',
    find: '    this.#lines.left(waiter);\n    this.serve();\n  }\n\n  withdrawn',
    replace: '    this.#lines.left(waiter);\n  }\n\n  withdrawn',
  },
];
