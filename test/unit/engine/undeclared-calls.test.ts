import { describe, expect, it } from 'vitest';
import { answers, ask } from '../../rig/virtual-ask.ts';

/** Nothing is said of `a`; `b` may do the rest, so that the spec is none that can only wait. */
const spec = `
locks: { l: }
events: { e: }
conditions: { c: { lock: l } }
barriers: { start: { parties: 2 } }
queues: { q: { capacity: 2 } }
values: { n: 5 }
pools: { work: { workers: 1, command: sleep 10 } }
processes:
  a: { command: sleep 1000 }
  b: { command: sleep 1000, uses: { c: notify, start: wait, q: [put, get, task_done], work: submit } }
`;

describe('what is not declared', () => {
  it.each([
    ['queue.put', { name: 'q', item: 1 }, 'put', 'q'],
    ['queue.close', { name: 'q' }, 'put', 'q'],
    ['queue.get', { name: 'q' }, 'get', 'q'],
    ['queue.task_done', { name: 'q' }, 'task_done', 'q'],
    ['event.set', { name: 'e' }, 'set', 'e'],
    ['event.clear', { name: 'e' }, 'set', 'e'],
    ['barrier.wait', { name: 'start' }, 'wait', 'start'],
    ['barrier.abort', { name: 'start' }, 'wait', 'start'],
    ['barrier.reset', { name: 'start' }, 'wait', 'start'],
    ['condition.notify', { name: 'c' }, 'notify', 'c'],
    ['pool.submit', { name: 'work', item: 1 }, 'submit', 'work'],
    ['pool.close', { name: 'work' }, 'submit', 'work'],
    ['pool.terminate', { name: 'work' }, 'start', 'work'],
    ['pool.kill', { name: 'work' }, 'start', 'work'],
    ['process.start', { name: 'b' }, 'start', 'b'],
    ['process.restart', { name: 'b' }, 'start', 'b'],
    ['process.signal', { name: 'b', signal: 'SIGHUP' }, 'start', 'b'],
    ['process.terminate', { name: 'b' }, 'start', 'b'],
    ['process.kill', { name: 'b' }, 'start', 'b'],
  ])('is refused with the line to add: %s', (method, params, action, name) => {
    const [first] = ask(spec, [10, 'a', method, params]).answers;
    expect(first?.answer).toEqual({
      ok: false,
      error: {
        kind: 'not_declared',
        message: `the spec does not say that \`a\` may \`${action}\` \`${name}\`: add \`uses: {${name}: ${action}}\` to it`,
      },
    });
  });

  it.each([
    { name: 'work', declared: 'submit', action: 'start', method: 'pool.terminate', params: {}, verbs: '[submit, start]' },
    { name: 'q', declared: '[put, task_done]', action: 'get', method: 'queue.get', params: {}, verbs: '[put, task_done, get]' },
    { name: 'q', declared: 'get', action: 'put', method: 'queue.put', params: { item: 1 }, verbs: '[get, put]' },
  ])('is refused with one line for what is declared of `$name` ($declared) and for $action', ({ name, declared, action, method, params, verbs }) => {
    const [first] = ask(spec.replace('sleep 1000 }', `sleep 1000, uses: { ${name}: ${declared} } }`), [10, 'a', method, { name, ...params }]).answers;
    const message = `the spec does not say that \`a\` may \`${action}\` \`${name}\`: make it \`uses: {${name}: ${verbs}}\``;
    expect(first?.answer).toMatchObject({ error: { kind: 'not_declared', message } });
  });

  it('looking, joining, values and waiting for an event need no entry', () => {
    const played = ask(spec, [10, 'a', 'value.add', { name: 'n', by: 2 }], [20, 'a', 'event.wait', { name: 'e', timeout_ms: 0 }], [30, 'a', 'process.list']);
    expect(answers(played).map((text) => text.slice(0, 30))).toEqual(['1 at 10: 7', '2 at 20: impossible', expect.stringContaining('3 at 30: [')]);
  });
});
