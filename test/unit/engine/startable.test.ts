import { describe, expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';

describe('somebody whom one who goes on will start', () => {
  it.each([
    ['sets the event', 'events: { e: }', '{ wait: e }', '{ set: e }'],
    ['is the other party of the barrier', 'barriers: { b: { parties: 2 } }', '{ wait: b }', '{ wait: b }'],
    ['puts the item', 'queues: { q: }', '{ get: q }', '{ put: q, item: x }'],
    ['takes an item from the full queue', 'queues: { q: { capacity: 1, items: [x] } }', '{ put: q, item: y }', '{ get: q }, { get: q }'],
    ['takes the last item that is waited for', 'queues: { q: { items: [x] } }', '{ join: q }', '{ get: q }'],
    ['notifies', 'locks: { l: }\nconditions: { c: { lock: l } }', '{ with: l, do: [{ wait: c }] }', '{ with: l, do: [{ notify: c }] }'],
    ['returns a permit', 'semaphores: { s: { permits: 0, bounded: false } }', '{ acquire: s }', '{ release: s }'],
    ['is at the other end of the pipe', 'pipes: { p: { between: [x, z] } }', '{ recv: p }', '{ send: p, item: x }'],
    ['is waited for', '', '{ join: z }', '{ sleep: 1ms }'],
  ])('ends the wait, and nobody is in a deadlock until then: he %s', (_what, declared, waits, acts) => {
    // The end of a pipe is closed by an end, and a join over.
    const isEnded = waits.includes('join: z') || waits.includes('recv');
    for (const [begun, last] of [['', ''], [isEnded ? '' : '{ terminate: z }, ', ''], ['', 'deputy: { autostart: false, steps: [{ start: z }] }']] as const) {
      const played = play(`
${declared}
processes:
  x: { steps: [{ sleep: 1ms }, ${waits}] }
  y: { steps: [${begun}{ sleep: 300ms }, { start: ${last === '' ? 'z' : 'deputy'} }] }
  z: { autostart: false, steps: [${acts}] }
  ${last}
`);
      expect(played.of('run.deadlock')).toEqual([]);
      expect([played.end.exitCode, played.endedAt('x') >= 300]).toEqual([0, true]);
    }
  });

  it('does not where he who would start him waits for the same', () => {
    const played = play(`
events: { e: }
processes:
  x: { steps: [{ wait: e }] }
  y: { steps: [{ wait: e }, { start: z }] }
  z: { autostart: false, steps: [{ set: e }] }
`);
    expect(played.of('run.deadlock')).toHaveLength(1);
    expect(played.end.exitCode).toBe(5);
  });
});

it('only one of two who start the same at once can', () => {
  const played = play(`
on_failure: continue
processes:
  a: { steps: [{ start: spare }] }
  b: { steps: [{ start: spare }] }
  spare: { autostart: false, command: sleep 5 }
`);
  expect([played.ended('a').state, played.ended('b').state, played.ended('b').why]).toEqual(['succeeded', 'failed', '`spare` is alive already']);
  expect(played.starts('spare')).toEqual([0]);
});

it('looks at each of many who start each other once', () => {
  const others = Array.from({ length: 40 }, (_, index) => `s${String(index)}`);
  const idle = others.map((name) => `  ${name}: { autostart: false, steps: [{ set: e }, ${others.filter((other) => other !== name).map((other) => `{ start: ${other} }`).join(', ')}] }`);
  const played = play(`
events: { e: }
processes:
  x: { steps: [{ wait: e }] }
  y: { steps: [{ wait: e }, ${others.map((name) => `{ start: ${name} }`).join(', ')}] }
${idle.join('\n')}
`);
  expect(played.end.exitCode).toBe(5);
});
