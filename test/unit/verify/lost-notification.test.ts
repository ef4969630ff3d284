import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { lostNotification } from '../../../src/verify/lost-notification.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const budget = { maxStates: 50_000, mayGoOn: (): boolean => true };
const spec = (notifier: string, waiter: string): string => `
locks: { l: }
conditions: { c: { lock: l } }
events: { e: }
processes: { n: { ${notifier} }, w: { ${waiter} } }
`;

function said(text: string): string | null {
  const plan = validPlan(text);
  return lostNotification(plan, judge(plan, budget), () => ({ source: { name: '', text: '' }, start: 0, end: 0 }), budget)?.message ?? null;
}

const notify = '{ with: l, do: [{ notify: c }] }';
const wait = '{ with: l, do: [{ wait: c }] }';

describe('a notification may come before somebody waits for it', () => {
  it.each([
    ['once', `steps: [${notify}]`, `steps: [{ sleep: 5ms }, ${wait}]`],
    ['twice', `steps: [${notify}, ${notify}]`, `steps: [{ sleep: 5ms }, ${wait}]`],
    ['in vain, with a timeout that fails', `steps: [${notify}]`, 'steps: [{ sleep: 5ms }, { with: l, do: [{ wait: c, timeout: 1s }] }]'],
    ['by one who joins who waits', `steps: [${notify}, { join: w }]`, `steps: [{ sleep: 5ms }, ${wait}]`],
    ['though the event was set, since that came without the lock', `steps: [{ wait: e }, ${notify}]`, `steps: [{ set: e }, { sleep: 5ms }, ${wait}]`],
  ])('%s', (_, notifier, waiter) => {
    const text = spec(`allow_failure: true, ${notifier}`, waiter);
    expect(said(text)).toBe('`w` fails here where the last `notify` of `c` does not wake it, as when that comes before it waits');
    expect(play(text).end.exitCode).toBe(1);
  });

  it.each([
    ['since who notifies waits until somebody does, who has the lock', `steps: [{ wait: e }, ${notify}]`, 'steps: [{ sleep: 5ms }, { with: l, do: [{ set: e }, { wait: c }] }]'],
    ['again and again', `steps: [{ repeat: forever, do: [${notify}, { sleep: 1ms }] }]`, `steps: [{ sleep: 5ms }, ${wait}]`],
    ['which may fail', `steps: [${notify}]`, 'steps: [{ sleep: 5ms }, { with: l, do: [{ wait: c, allow_failure: true }] }]'],
    ['with something else to do then', `steps: [${notify}]`, 'steps: [{ sleep: 5ms }, { with: l, do: [{ wait: c, timeout: 1ms, on_timeout: continue }] }]'],
    ['by a program that does so when it likes', 'command: print x, uses: { c: notify }', `steps: [{ sleep: 5ms }, ${wait}]`],
    ['which only a command that fails lets happen', `steps: [{ wait: e }, { run: exit 0 }, ${notify}]`, 'steps: [{ with: l, do: [{ set: e }, { wait: c }] }]'],
  ])('or need not, or may: %s', (_, notifier, waiter) => {
    expect(said(spec(notifier, waiter))).toBeNull();
  });
});
