import { expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import type { EngineEvent } from '../../../src/engine/engine-event.ts';
import type { Effect } from '../../../src/engine/effect.ts';
import { granted } from '../../../src/sync/outcome.ts';
import { ask } from '../../rig/virtual-ask.ts';
import { planOf } from '../../rig/virtual-plan.ts';

const spec = `
queues: { q: { capacity: 2 } }
processes:
  a: { command: sleep 1000, uses: { q: put } }
  b: { command: sleep 100, uses: { q: get } }
`;

it('tells how many items were put before the rest was called off, or could no longer be put', () => {
  const played = ask(
    spec,
    [10, 'a', 'queue.put', { name: 'q', items: ['x', 'y', 'z'] }],
    [20, 'a', 'cancel', { id: 1 }],
    [30, 'a', 'queue.put', { name: 'q', items: ['v', 'w'] }],
    [40, 'a', 'cancel', { id: 3 }],
    [50, 'b', 'queue.get', { name: 'q' }],
    [60, 'a', 'queue.put', { name: 'q', items: ['s', 't'] }],
  );
  expect(played.answers.map(({ call, answer }) => [call, answer.ok ? answer.value : [answer.error.kind, answer.error.put]])).toEqual([
    [1, ['cancelled', 2]],
    [3, ['cancelled', undefined]],
    [5, { items: ['x'] }],
    [6, ['broken', 1]],
  ]);
});

it('puts no more once it is called off, where the broker answers late that some were put', () => {
  const engine = new Engine(planOf(spec), { runId: 'run', runFolder: '/run', environment: {}, random: () => 0.5, signalNumber: () => 0, lineOf: () => null, isUnderMake: false });
  const effects: Effect[] = [];
  const post = (event: EngineEvent): void => {
    for (const effect of engine.step(event, 0)) {
      effects.push(effect);
      if (effect.type === 'spawn') post({ type: 'spawned', key: effect.order.key, pid: effect.order.key });
    }
  };
  const requests = (): readonly number[] => effects.flatMap((effect) => (effect.type === 'request' && effect.request.operation.verb === 'put_some' ? [effect.request.id] : []));
  post({ type: 'begin' });
  const call = { type: 'put_all', name: 'q', items: ['x', 'y', 'z'], priority: 0, batch: null, grant: null, timeoutMs: null } as const;
  post({ type: 'call', id: 1, caller: { instance: 'a', holder: '1/1' }, call, progress: 0 });
  post({ type: 'cancel_call', id: 1 });
  const [request] = requests();
  post({ type: 'sync', event: { type: 'settled', requestId: request ?? 0, outcome: granted(1) } });
  expect(requests()).toHaveLength(1);
  expect(effects.filter(({ type }) => type === 'answer')).toMatchObject([{ call: 1, answer: { ok: false, error: { kind: 'cancelled', put: 1 } } }]);
});
