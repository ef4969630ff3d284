import { expect, it } from 'vitest';
import { play } from '../../rig/virtual-play.ts';
import type { WorldOptions } from '../../rig/world-options.ts';

const interrupted: WorldOptions = { signals: [{ atMs: 100, signal: 'SIGINT' }] };
const lost: WorldOptions = { seed: 1, faults: { lateExits: 0, lostExits: 1, deathsMs: [], failingSpawns: 0, slowSpawns: 0, jumps: [], fullDisk: [] } };

const ends: readonly (readonly [reason: string, keys: string, end: object, world?: WorldOptions])[] = [
  ['exited', 'command: exit 0', { state: 'succeeded', exitcode: 0, signal: null, shellCode: 0 }],
  ['exited', 'command: exit 3', { state: 'failed', exitcode: 3, signal: null, shellCode: 3 }],
  // What a shell says of a signal is a code all the same.
  ['exited', 'command: exit 143', { state: 'failed', exitcode: 143, signal: null, shellCode: 143 }],
  ['signalled', 'command: die SIGKILL', { state: 'failed', exitcode: -9, signal: 'SIGKILL', shellCode: 137 }],
  // By the very signal that mpctl sends, which it has not sent.
  ['signalled', 'command: die SIGTERM', { state: 'failed', exitcode: -15, signal: 'SIGTERM', shellCode: 143 }],
  ['timed_out', 'command: forever, timeout: 10ms', { state: 'failed', exitcode: -15, signal: 'SIGTERM', shellCode: 143 }],
  ['timed_out', 'command: trap SIGTERM 1 0; forever, timeout: 10ms', { state: 'failed', exitcode: 0, signal: null, shellCode: 0 }],
  ['stopped', 'command: forever', { state: 'stopped', exitcode: -15, signal: 'SIGTERM', shellCode: 143 }, interrupted],
  ['stopped', 'command: forever, stop: { signal: SIGINT }', { state: 'stopped', exitcode: -2, signal: 'SIGINT', shellCode: 130 }, interrupted],
  ['stopped', 'command: ignore SIGTERM; forever', { state: 'stopped', exitcode: -9, signal: 'SIGKILL', shellCode: 137 }, interrupted],
  ['stopped', 'command: trap SIGTERM 1 5; forever', { state: 'stopped', exitcode: 5, signal: null, shellCode: 5 }, interrupted],
  ['lost', 'command: exit 0', { state: 'failed', exitcode: -9, signal: 'SIGKILL', shellCode: 137 }, lost],
  ['failed_to_start', 'command: fail 127', { state: 'failed', exitcode: 127, signal: null, shellCode: 127 }],
  ['unready', 'command: forever, readiness_probe: { exec: up 1000, period: 1ms, failure_threshold: 2 }', { state: 'failed', exitcode: -15, signal: 'SIGTERM', shellCode: 143 }],
  ['unready', 'command: forever, liveness_probe: { exec: down 0, period: 1ms }', { state: 'failed', exitcode: -15, signal: 'SIGTERM', shellCode: 143 }],
  ['skipped', 'command: exit 0, depends_on: { b: { condition: failure } }', { state: 'skipped', exitcode: null, signal: null, shellCode: null }],
];

it.each(ends.map(([reason, keys, end, world = {}]) => ({ reason, keys, end, world })))('the end is told to be `$reason`: $keys', ({ reason, keys, end, world }) => {
  const played = play(`processes: { a: { ${keys} }, b: { command: exit 0 } }`, world);
  expect(played.ended('a')).toMatchObject({ reason, ...end });
});
