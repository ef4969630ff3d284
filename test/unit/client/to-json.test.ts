import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../src/client/connect.ts';
import { InvalidCall } from '../../../src/client/errors.ts';
import type { Run } from '../../../src/client/run.ts';
import { toJson } from '../../../src/client/to-json.ts';
import type { Json } from '../../../src/base/json.ts';
import { openDoor } from '../../process/runtime/door-harness.ts';

function refusalOf(value: unknown): unknown {
  try {
    return toJson(value);
  } catch (error) {
    return error instanceof InvalidCall ? error.message : error;
  }
}

describe('toJson', () => {
  it('is the text of JSON.stringify for whatever is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each([
    [Number.NaN, 'it is NaN, which is no JSON'],
    [{ item: Number.POSITIVE_INFINITY }, '`item` is Infinity, which is no JSON'],
    [{ item: [null, { price: -Infinity }] }, '`item[1].price` is -Infinity, which is no JSON'],
    [undefined, 'it is undefined, which is no JSON'],
    [[1, [undefined]], '`[1][0]` is undefined, which is no JSON'],
    [[(): number => 1], '`[0]` is a function, which is no JSON'],
    [[Symbol('s')], '`[0]` is Symbol(s), which is no JSON'],
    [{ item: 1n }, 'it is no JSON: Do not know how to serialize a BigInt'],
  ])('refuses %o', (value, message) => {
    expect(refusalOf(value)).toBe(message);
  });

  it('refuses what is within itself', () => {
    const value: unknown[] = [];
    value.push(value);
    expect(refusalOf(value)).toMatch(/^it is no JSON: .*circular/u);
  });

  it('leaves out what is undefined in an object, and takes nulls that were meant', () => {
    expect(toJson({ a: undefined, b: null, c: ['null', null], d: new Date(Number.NaN) })).toBe('{"b":null,"c":["null",null],"d":null}');
  });
});

describe('what is no JSON', () => {
  const spec = `
values: { v: 1 }
queues: { bounded: { capacity: 100 }, unbounded: }
pipes: { link: { from: p, to: q } }
pools: { pool: { workers: 1, command: [echo] } }
processes:
  p: { command: x, uses: { bounded: put, unbounded: put, pool: submit } }
  q: { command: x, uses: { bounded: get, unbounded: get } }
`;
  const calls: readonly (readonly [string, (run: Run, item: Json) => Promise<unknown>])[] = [
    ['value.set', (run, item): Promise<unknown> => run.value('v').set(item)],
    ['value.compareAndSet', (run, item): Promise<unknown> => run.value('v').compareAndSet(1, item)],
    ['value.compareAndSet, expected', (run, item): Promise<unknown> => run.value('v').compareAndSet(item, 1)],
    ['queue.put', (run, item): Promise<unknown> => run.queue('bounded').put(item)],
    ['queue.putAll', (run, item): Promise<unknown> => run.queue('bounded').putAll([1, item])],
    ['pipe.send', (run, item): Promise<unknown> => run.pipe('link').send(item)],
    ['pool.submit', (run, item): Promise<unknown> => run.pool('pool').submit(item)],
    ['pool.submitAll', (run, item): Promise<unknown> => run.pool('pool').submitAll([item])],
    [
      'queue.put of an unbounded queue',
      async (run, item): Promise<unknown> => {
        const queue = run.queue('unbounded');
        await queue.put('first');
        await queue.put('second');
        return queue.put(item);
      },
    ],
  ];

  it.each(calls)('is refused by %s, and nothing of it arrives', async (_name, call) => {
    const door = openDoor(spec);
    const run = await connect({ socket: door.path, authkey: door.keys.keyOf('p') });
    // As a program without types would.
    const wrong: readonly unknown[] = [Number.NaN, undefined, 1n, Number.NEGATIVE_INFINITY, [Number.NaN], (): void => {}];
    for (const item of wrong) {
      const asked = call(run, item as Json);
      await expect(asked).rejects.toMatchObject({ name: 'InvalidCall', kind: 'invalid_params' });
    }
    expect(await run.value('v').get()).toBe(1);
    expect(await run.queue('bounded').size()).toBe(0);
    await run.close();
    expect(JSON.stringify(door.snapshot())).not.toContain('null]');
  });

  it('is refused as a time; one without end waits without limit', async () => {
    const door = openDoor('events: { e: }\nprocesses: { p: { command: x, uses: { e: set } } }\n');
    const run = await connect({ socket: door.path, authkey: door.keys.keyOf('p') });
    await expect(run.event('e').wait({ timeoutMs: Number.NaN })).rejects.toMatchObject({ name: 'InvalidCall' });
    const waiting = run.event('e').wait({ timeoutMs: Infinity });
    await run.event('e').set();
    await waiting;
    await run.close();
  });
});
