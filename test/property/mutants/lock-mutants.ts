import type { Mutant } from './mutant.ts';

/** Wrong locks. */
export const lockMutants: readonly Mutant[] = [
  {
    fault: 'the end of one holder takes the lock from another of its instance',
    file: 'lock.ts',
    find: '    if (holder !== null && owner.holder !== holder) return true;\n',
    replace: '',
  },
  {
    fault: 'double grant: a held lock is granted again',
    file: 'lock.ts',
    find: '(this.#holding === null && (this.reentrant || permits === 1))',
    replace: 'true',
  },
  {
    fault: 'owner not released when its instance ends',
    file: 'lock.ts',
    find: '    this.#holding = null;\n    this.#ownerDied = true;',
    replace: '    this.#ownerDied = true;',
  },
  {
    fault: 'the next holder does not hear that the owner died',
    file: 'lock.ts',
    find: '    this.#ownerDied = true;',
    replace: '',
  },
  {
    fault: 'anybody may release',
    file: 'lock.ts',
    find: 'this.isOwner(owner) && permits <= this.depth',
    replace: 'permits <= this.depth',
  },
  {
    fault: 'a reentrant lock belongs to the whole instance',
    file: 'lock.ts',
    find: '(!this.reentrant || holder.holder === owner.holder)',
    replace: 'true',
  },
  {
    fault: 'the first release leaves a reentrant lock entirely',
    file: 'lock.ts',
    find: 'permits === holding.permits ? null',
    replace: 'permits > 0 ? null',
  },
  {
    fault: 'the fencing number does not rise',
    file: 'lock.ts',
    find: '      this.#nextToken += 1;\n',
    replace: '',
  },
  {
    fault: 'a holder waits for itself for ever',
    file: 'lock.ts',
    find: "? 'would_deadlock_on_itself' : null",
    replace: '? null : null',
  },
  {
    fault: 'whoever came inside a reentrant lock is not let in again',
    file: 'holds.ts',
    find: 'if (!wasInside && resource.isInside(owner)) this.#lines.cameInside(owner, resource);',
    replace: '',
  },
];

/** Wrong ways to be inside a reentrant lock again. */
export const nestedMutants: readonly Mutant[] = [
  {
    fault: 'lost wake-up: what waits since its owner was inside before is not looked at',
    file: 'demand-lines.ts',
    find: '      this.#marked.add(lock);\n      this.#someoneCameInside = true;\n',
    replace: '      if (line === previous) continue;\n      this.#marked.add(lock);\n      this.#someoneCameInside = true;\n',
  },
];
