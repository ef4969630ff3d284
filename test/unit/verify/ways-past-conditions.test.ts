import { expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { scheduleOf } from '../../../src/verify/schedule-of.ts';
import { wayTo } from '../../../src/verify/shortest-way.ts';
import { replay } from '../../property/verify/replay.ts';
import { terminalStates } from '../../property/verify/terminal-states.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const things = 'on_failure: continue\nlocks: { l: , k: }\nconditions: { n: { lock: l } }\n';
const waits = 'w: { steps: [{ acquire: k }, { with: l, do: [{ wait: n }] }] }';
const takes = 't: { steps: [{ acquire: l }, { acquire: k }] }';

it.each([
  ['somebody was notified, and has the lock back after those who asked for it before', `${things}processes: { ${waits}, m: { steps: [{ with: l, do: [{ notify: n }] }] }, ${takes} }`],
  ['nobody notifies any more', `${things}processes: { ${waits}, x: { steps: [{ print: x }] }, m: { depends_on: { x: { condition: failure } }, steps: [{ with: l, do: [{ notify: n }] }] }, ${takes} }`],
])('a run comes to each deadlock of the model where %s', (_, spec) => {
  const plan = validPlan(spec);
  const system = new ModelSystem(compilePlan(plan).model);
  const found = exploreAll(system);
  const { stuck } = terminalStates(found);
  expect(stuck.length).toBeGreaterThan(1);
  for (const state of stuck) expect(replay(plan, scheduleOf(system, wayTo(found, state)))).toMatchObject({ exitCode: 5, departure: null });
});

const spare = 'spare: { autostart: false, steps: [{ put: q, item: 1 }, { with: l, do: [{ wait: n }] }, { acquire: l }] }';
const idle = 'idle: { autostart: false, steps: [{ get: q }, { with: l, do: [{ notify: n }] }] }';

it.each([
  ['who had waited in vain was ended before he had the lock back, and is started again', `${things}queues: { q: }\nprocesses: { ${idle}, a: { steps: [{ start: spare }, { start: spare }, { acquire: l }] }, b: { steps: [{ terminate: spare }, { acquire: l }] }, ${spare} }`],
  ['who has found that nobody takes what he puts is started again', `${things}queues: { q: }\nprocesses: { ${idle}, a: { steps: [{ start: spare }, { join: spare }, { start: spare }] }, spare: { autostart: false, steps: [{ put: q, item: 1 }] } }`],
])('a run comes to each end of the model where %s', (_, spec) => {
  const plan = validPlan(spec);
  const system = new ModelSystem(compilePlan(plan).model);
  const found = exploreAll(system);
  const { final } = terminalStates(found);
  expect(final.length).toBeGreaterThan(1);
  for (const state of final) expect(replay(plan, scheduleOf(system, wayTo(found, state))).departure).toBeNull();
});
