import { expect, it } from 'vitest';
import { judge, toldOf } from '../../../src/verify/judge.ts';
import { replay } from '../../property/verify/replay.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 100_000, mayGoOn: () => true };

it.each([
  ['of a command that has no part in it', 'queues: { work: { capacity: 1 } }\nprocesses: { a: { timeout: 10ms, steps: [{ run: exit 0 }] }, b: { steps: [{ put: work, items: [1, 2] }, { each: work, do: [{ close: work }] }] } }'],
  ['of steps that have no part in it', 'queues: { work: }\nprocesses: { a: { timeout: 10ms, steps: [{ exit: 0 }] }, b: { steps: [{ get: work }] } }\nfinally: { d: { steps: [{ put: work, item: 1 }] } }'],
  ['of tasks that have no part in it', 'queues: { work: { capacity: 1 } }\npools: { p: { timeout: 10ms, tasks: [1], steps: [{ exit: 0 }] } }\nprocesses: { b: { steps: [{ put: work, items: [1, 2] }, { each: work, do: [{ close: work }] }] } }'],
  ['of whoever might have given something back, by which the run is stopped', 'semaphores: { slots: 1 }\nprocesses: { a: { steps: [{ acquire: slots }, { acquire: slots }] }, b: { timeout: 10ms, steps: [{ with: slots, do: [{ run: x }, { release: slots }] }] } }'],
  ['of a start wait for whoever is in it, by which the run is stopped', 'locks: { left: , right: }\nprocesses: { a: { steps: [{ acquire: left }, { acquire: right }] }, b: { steps: [{ acquire: right }, { acquire: left }] }, c: { depends_on: { a: { condition: success, timeout: 10ms } }, steps: [{ print: x }] } }'],
  ['of a probe of whoever has no part in it, by which the run is stopped', 'locks: { left: , right: }\nprocesses: { a: { steps: [{ acquire: left }, { acquire: right }] }, b: { steps: [{ acquire: right }, { acquire: left }] }, c: { command: x, readiness_probe: { log_line: ready, period: 2ms, failure_threshold: 4 } } }'],
  ['of a probe of whoever might have given something back', 'on_failure: continue\nsemaphores: { slots: { permits: 0, bounded: false } }\nprocesses: { a: { steps: [{ run: x }, { acquire: slots }] }, b: { command: x, readiness_probe: { exec: x, period: 2ms, failure_threshold: 2 } } }'],
  ['of those who are to run out of it, and not before that', 'on_failure: continue\nsemaphores: { slots: { permits: 1, bounded: false } }\nprocesses: { b: { timeout: 10ms, steps: [{ acquire: { name: slots, permits: 2 } }] }, c: { timeout: 10ms, restart: on_failure, max_restarts: 1, backoff: { initial: 1ms, max: 1ms }, steps: [{ join: b }, { release: { name: slots, permits: 2 } }] } }\nfinally: { d: { with: { name: slots, permits: 2 }, command: x } }'],
])('a deadlock is come to along its schedule before the time is over %s', (_, text) => {
  const plan = validPlan(text);
  const { verdict } = judge(plan, budget);
  const replays = verdict.type === 'counterexample' ? toldOf(verdict).map(({ schedule }) => replay(plan, schedule)) : [];
  expect(replays.map(({ exitCode, departure }) => ({ exitCode, departure }))).toEqual([{ exitCode: 5, departure: null }]);
});
