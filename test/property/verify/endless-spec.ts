import * as fc from 'fast-check';
import type { Json } from '../../../src/base/json.ts';
import { isKeys, type Keys, lockableSpec } from './lockable-spec.ts';

const taken = fc.constantFrom<Json>('left', 'right', 'slots', { name: 'slots', permits: 2 }, ['left', 'right']);
const before = fc.array(fc.constantFrom<Json>({ set: 'go' }, { sleep: '3ms' }, { sleep: '30ms' }, { wait: 'over', timeout: '9ms', on_timeout: 'continue' }), { maxLength: 2 });

/** Of a loop that never ends: each round takes its time, and some of the locks for a while. */
const rounds: fc.Arbitrary<Keys> = fc
  .array(fc.constantFrom<Json>({ set: 'go' }, { with: ['right'], do: [{ sleep: '5ms' }], timeout: '5ms', on_timeout: 'continue' }, { with: ['again'], do: [{ set: 'over' }] }, { clear: 'over' }), { maxLength: 2 })
  .map((steps) => ({ repeat: 'forever', do: [{ sleep: '10ms' }, ...steps.filter((step) => !isKeys(step) || !('with' in step)), ...steps.filter((step) => isKeys(step) && 'with' in step)] }));

/** What it keeps, and whether it gives that back before its loop, in it, or never. */
const keeping = fc.record({ taken, before, between: before, rounds, how: fc.constantFrom('with', 'acquire', 'holds', 'released', 'in turn') }).map(({ taken: holds, before: first, between, rounds: loop, how }): Keys => {
  const list = Array.isArray(holds) ? holds : [holds];
  switch (how) {
    case 'holds':
      return { with: list, steps: [...first, ...between, withoutHeld(loop)] };
    case 'with':
      return { steps: [...first, { with: list, do: [...between, withoutHeld(loop)] }] };
    case 'acquire':
      return { steps: [...first, { acquire: list }, ...between, withoutHeld(loop), { release: list }] };
    case 'released':
      return { steps: [...first, { acquire: list }, ...between, { release: list }, loop] };
    default:
      return { steps: [...first, { repeat: 'forever', do: [{ acquire: list }, ...between, { sleep: '1ms' }, { release: list }, { sleep: '30ms' }] }] };
  }
});

/** The same without what it takes of what is held already, which would be refused before the run. */
function withoutHeld(loop: Keys): Keys {
  const { do: steps = [] } = loop;
  return { ...loop, do: Array.isArray(steps) ? steps.filter((step: Json) => !isKeys(step) || !('timeout' in step)) : steps };
}

/** As `lockableSpec`, of two, beside a daemon that goes on for ever, and may keep what the others need. */
export const besideEndless: fc.Arbitrary<Keys> = fc.tuple(lockableSpec, keeping).map(([spec, spin]) => {
  const { c: _, ...processes } = isKeys(spec['processes']) ? spec['processes'] : {};
  return { ...spec, processes, daemons: { spin } };
});
