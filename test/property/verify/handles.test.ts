import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { judge } from '../../../src/verify/judge.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { isKeys } from './lockable-spec.ts';

const deadlockCode = 5;

const submit = fc.constantFrom<Json>({ submit: 'w', item: 1, as: 'r' }, { submit: 'w', item: 1, as: 'r' }, { submit: 'w', items: [1, 2], as: 'q' }, { submit: 'v', item: 1, as: 'q' });
const result = fc.constantFrom<Json>({ result: 'r' }, { result: 'r' }, { result: 'q' }, { result: 'q', timeout: '2ms', on_timeout: 'continue' }, { result: 'r', allow_failure: true });
const other = fc.constantFrom<Json>({ with: ['l'], do: [{ sleep: '1ms' }] }, { put: 'turn', item: 1 }, { sleep: '3ms' });
const few = fc.array(fc.oneof({ weight: 3, arbitrary: submit }, { weight: 3, arbitrary: result }, { weight: 1, arbitrary: other }), { minLength: 1, maxLength: 3 });
const around = fc.oneof(
  { weight: 2, arbitrary: few },
  { weight: 2, arbitrary: few.map((steps): Json[] => [{ repeat: 2, as: 'round', do: steps }]) },
  { weight: 1, arbitrary: few.map((steps): Json[] => [{ with: ['m'], do: steps, allow_failure: true }]) },
);
/** In the end it may hold what a task needs that is not waited for. */
const last = fc.constantFrom<Json[]>([{ acquire: 'l' }, { join: 'w' }], [{ acquire: 'l' }, { join: 'w' }], [{ acquire: 'l' }, { result: 'r' }], []);

/** Tasks of which the first of all finds something to do, and takes its time. */
const task = fc.constantFrom<Json[]>(
  [{ repeat: 1, as: 'once', do: [{ get: 'slow' }, { sleep: '20ms' }, { with: ['l'], do: [{ print: 'y' }] }] }],
  [{ with: ['l'], do: [{ sleep: '2ms' }] }],
  [{ get: 'turn', block: false, on_timeout: 'continue' }, { with: ['l'], do: [{ print: 'y' }] }],
);

/** Some that are submitted one after the other, be it with one handle. */
const submits = fc.tuple(fc.array(submit, { minLength: 1, maxLength: 2 }), fc.boolean()).map(([steps, isRepeated]): Json[] => (isRepeated ? [{ repeat: 2, as: 'round', do: steps }] : steps));

const spec = fc.record({ first: submits, second: fc.oneof(around, fc.constant<Json[]>([{ result: 'r' }])), last, task, workers: fc.constantFrom(1, 2, 2) }).map(({ first, second, last: end, task: steps, workers }) => {
  const list = [...first, ...second];
  const text = JSON.stringify(list);
  const known = new Set<Json>(['r', 'q'].filter((handle) => text.includes(`"as":"${handle}"`)));
  const isKnown = (step: Json): boolean => !isKeys(step) || step['result'] === undefined || known.has(step['result']);
  return {
    on_failure: 'continue',
    locks: { l: null, m: null },
    queues: { slow: { items: [1] }, turn: { items: [1] } },
    pools: { v: { workers: 1, steps: [{ sleep: '1ms' }] }, w: { workers, steps } },
    processes: {
      p: { steps: [...list, { close: 'w' }, ...end.filter(isKnown)].map((step) => (isKeys(step) && Array.isArray(step['do']) ? { ...step, do: step['do'].filter((one: Json) => isKnown(one)) } : step)).filter(isKnown) },
      idle: { autostart: false, steps: [{ put: 'slow', item: 1 }, { get: 'slow' }, { put: 'turn', item: 1 }, { get: 'turn' }, { submit: 'v', item: 1 }, { submit: 'w', item: 1 }] },
    },
  };
});

it('no run deadlocks of which that is proved, whichever tasks a handle is of', () => {
  const seen = { proved: 0, deadlocked: 0 };
  assertUntil(
    fc.property(spec, fc.nat(), (written, seed) => {
      const plan = planOrNull(written);
      fc.pre(plan !== null);
      const { verdict } = judge(plan, { maxStates: 5000, mayGoOn: () => true });
      const codes = [{}, { seed }, { seed: seed + 1 }].map((options) => runVirtually(plan, options).end.exitCode);
      if (verdict.type === 'proved') seen.proved += 1;
      if (codes.includes(deadlockCode)) seen.deadlocked += 1;
      expect([verdict.type === 'proved' && codes.includes(deadlockCode), codes]).toEqual([false, codes]);
    }),
    { numRuns: 60 },
    { count: () => Math.min(seen.proved, seen.deadlocked), moreThan: 5 },
  );
});
