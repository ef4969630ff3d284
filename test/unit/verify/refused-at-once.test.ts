import { describe, expect, it } from 'vitest';
import { certaintyOf } from '../../rig/certainty-of.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 10_000, mayGoOn: (): boolean => true };

/** Two that may wait for each other, beside somebody. */
function crossed(beside: string, more = ''): string {
  return `${more}locks: { l: , m: }\nevents: { e: }\nprocesses:\n  a: { steps: [{ acquire: l }, { sleep: 2ms }, { acquire: m }] }\n  b: { steps: [{ acquire: m }, { sleep: 2ms }, { acquire: l }] }\n  ${beside}\n  g: { autostart: false, command: exit 0, sets: { start: e } }\n`;
}

describe('a deadlock beside somebody whose wait a run refuses at once', () => {
  it.each([
    ['before his start', 'c: { depends_on: { g: { condition: start } }, command: exit 0 }'],
    ['for an event', 'c: { wait_for: [e], command: exit 0 }'],
    ['in a step', 'c: { steps: [{ wait: e }] }'],
  ])('is told as possible where that stops the run, which never comes to it: %s', (_, beside) => {
    expect(certaintyOf(crossed(beside), budget)).toBe('possible');
    expect(play(crossed(beside)).end.exitCode).toBe(1);
  });

  it.each([
    ['the run goes on', crossed('c: { wait_for: [e], command: exit 0 }', 'on_failure: continue\n')],
    ['he may fail', crossed('c: { wait_for: [e], command: exit 0, allow_failure: true }')],
    ['he does something else then', crossed('c: { steps: [{ wait: e, timeout: 1s, on_timeout: continue }] }')],
  ])('is told as sure where %s', (_, text) => {
    expect(certaintyOf(text, budget)).toBe('some interleaving');
    expect(play(text).end.exitCode).toBe(5);
  });
});
