import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const waits = 'steps: [{ get: q }, { acquire: l }, { join: p }]';
const tries = 'steps: [{ acquire: l, block: false, on_timeout: [{ acquire: l }, { join: p }] }]';

it.each([
  ['where it has none', 'command: x, with: l, uses: { q: put }', waits, false],
  ['where it holds nothing', 'command: x, uses: { q: put }, retry: { attempts: 2 }', waits, false],
  ['where nobody sees that it has begun', 'command: x, with: l, retry: { attempts: 2 }', 'steps: [{ acquire: l }, { join: p }]', false],
  ['of steps', 'steps: [{ put: q, item: 1 }, { exit: 1 }], retry: { attempts: 2 }', waits, true],
  ['where one who has what the first has put waits for it, with what it holds', 'command: x, with: l, uses: { q: put }, retry: { attempts: 2 }', waits, true],
  ['of a long-lived worker as well', 'worker: x, with: l, uses: { q: put }, retry: { attempts: 2 }', waits, true],
  ['where one does so who has tried to have what it holds', 'command: x, with: l, retry: { attempts: 2 }', tries, true],
])('says of the further attempts of a task that they are left out, or not: %s', (_, pool, process, expected) => {
  const { assumptions } = compilePlan(validPlan(`on_failure: continue\nlocks: { l: }\nqueues: { q: }\npools: { p: { workers: 1, tasks: [1], ${pool} } }\nprocesses: { a: { ${process} } }`));
  expect(assumptions.some(({ kind, text }) => kind === 'left_out' && text === 'further attempts of the tasks of `p`')).toBe(expected);
});
