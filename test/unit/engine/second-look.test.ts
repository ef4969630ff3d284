import { describe, expect, it } from 'vitest';
import { type EngineCall, isEngineCall } from '../../../src/engine/caller.ts';
import { SecondLook } from '../../../src/engine/second-look.ts';
import { parseCall } from '../../../src/protocol/parse-call.ts';
import { play } from '../../rig/virtual-play.ts';

/** A look comes 40 ms after the last wait has begun, and an answer of the broker up to 3 ms after it was given. */
const sleepsMs = [36, 37, 38, 39, 40];
const seeds = Array.from({ length: 60 }, (_, seed) => seed);

function acquireOf(lock: string): EngineCall {
  const call = parseCall('lock.acquire', { holds: lock });
  if (!call.ok || !isEngineCall(call.value)) throw new Error('that is a call for the engine');
  return call.value;
}

describe('somebody whose answer is still on its way', () => {
  it.each([
    [
      'a lock that has just been released',
      (ms: number) => `
locks: { l: }
processes:
  a: { steps: [{ acquire: l }, { sleep: ${ms}ms }, { release: l }] }
  b: { steps: [{ acquire: l }] }
`,
    ],
    [
      'an item that has just been put, of a queue that he feeds himself',
      (ms: number) => `
queues: { work: }
processes:
  a: { steps: [{ sleep: ${ms}ms }, { put: work, item: x }] }
  b: { steps: [{ get: work }, { put: work, item: y }] }
  c: { steps: [{ each: work, as: item, do: [{ print: taken }] }] }
`,
    ],
    [
      'what is released at last by one who has waited a few times meanwhile',
      (ms: number) => `
locks: { l: , m: }
semaphores: { s: 2 }
processes:
  a: { steps: [{ acquire: { name: s, permits: 2 } }, { sleep: ${ms - 7}ms }, { repeat: 3, do: [{ with: l, do: [{ acquire: m }, { release: m }] }] }] }
  b: { steps: [{ acquire: { name: s, permits: 2 } }] }
`,
    ],
    [
      'the last party of a barrier',
      (ms: number) => `
barriers: { all: { parties: 2 } }
locks: { l: }
processes:
  a: { steps: [{ acquire: l }, { sleep: ${ms}ms }, { wait: all }] }
  b: { steps: [{ wait: all }, { acquire: l }] }
`,
    ],
  ])('waits for %s, and is in no deadlock', (_what, specOf) => {
    const exits = sleepsMs.flatMap((ms) => seeds.map((seed) => play(specOf(ms), { seed }).end.exitCode));
    expect(exits.filter((code) => code !== 0)).toEqual([]);
  });

  it('does not hide for long that others are in one', () => {
    for (const seed of seeds) {
      const played = play(
        `
locks: { l: , m: , n: }
processes:
  a: { steps: [{ with: l, do: [{ sleep: 5ms }, { acquire: m }] }] }
  b: { steps: [{ with: m, do: [{ sleep: 5ms }, { acquire: l }] }] }
  c: { steps: [{ repeat: 1000, do: [{ with: n, do: [{ sleep: 1ms }] }] }] }
  d: { steps: [{ repeat: 1000, do: [{ with: n, do: [{ sleep: 1ms }] }] }] }
`,
        { seed },
      );
      expect(played.of('run.deadlock')[0]?.cycle.map(({ instance }) => instance)).toEqual(['a', 'b']);
      expect(played.of('run.deadlock')[0]?.at).toBeLessThan(200);
    }
  });
});

it('a program is not looked at for an answer that is on its way', () => {
  const looks = sleepsMs.flatMap((ms) =>
    seeds.map((seed) => {
      const { effects } = play(`
locks: { l: }
processes:
  a: { steps: [{ acquire: l }, { sleep: ${ms}ms }, { release: l }] }
  b: { command: sleep 60 }
`, {
        seed,
        calls: [{ atMs: 3, event: { type: 'call', id: 1, caller: { instance: 'b', holder: '1/1' }, call: acquireOf('l'), progress: 0 } }],
      });
      return effects.filter(({ type }) => type === 'look_at_program').length;
    }),
  );
  expect(looks.filter((count) => count > 0)).toEqual([]);
});

describe('the second of two looks', () => {
  it('is certain of what the first has shown as well, and of nothing else', () => {
    const looks = new SecondLook();
    looks.begin(null);
    expect([looks.isCertain('one'), looks.isInDoubt]).toEqual([false, true]);
    const echo = looks.number;
    looks.begin(echo);
    expect([looks.isCertain('one'), looks.isInDoubt]).toEqual([true, false]);
    expect([looks.isCertain('other'), looks.isInDoubt]).toEqual([false, true]);
  });

  it('is made once more where fewer seem to be stuck than before', () => {
    const looks = new SecondLook();
    const look = (stuck: readonly string[], echo: number | null): boolean => {
      looks.begin(echo);
      return looks.areCertain(new Map(stuck.map((name) => [name, '1'])));
    };
    expect(look(['a', 'b', 'c'], null)).toBe(false);
    expect(look(['a', 'b'], looks.number)).toBe(false);
    expect([looks.isInDoubt, looks.hasSuspects]).toEqual([true, true]);
    expect(look(['a', 'b'], looks.number)).toBe(true);
    expect([looks.isInDoubt, looks.hasSuspects]).toEqual([false, false]);
    expect(look(['a', 'b'], null)).toBe(false);
  });

  it('is the first one again where another has been made since the echo was asked for', () => {
    const looks = new SecondLook();
    looks.begin(null);
    looks.isCertain('one');
    const echo = looks.number;
    looks.begin(null);
    looks.isCertain('one');
    looks.begin(echo);
    expect(looks.isCertain('one')).toBe(false);
  });
});
