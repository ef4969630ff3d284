import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { startedFirst } from '../../../src/runtime/started-first.ts';

test('what is told while a run is made comes after its start, and no time before one that was told', () => {
  const told: RunEvent[] = [];
  let nowMs = 3;
  const report = startedFirst((event) => told.push(event), () => nowMs);
  report({ type: 'run.suspended' });
  report({ type: 'run.started', run: 'r', name: 'n', spec: '/s', pid: 1, folder: '/f', containment: 'group', instances: [], pools: [] });
  nowMs = 20.4;
  report({ type: 'run.continued', stoppedMs: 1 });
  report({ type: 'run.continued', stoppedMs: 2 }, 19);
  report({ type: 'run.continued', stoppedMs: 3 }, 21.6);
  expect(told.map(({ type, at }) => [type, at])).toEqual([['run.started', 3], ['run.suspended', 3], ['run.continued', 20], ['run.continued', 20], ['run.continued', 22]]);
});
