/* What a liveness probe says of somebody who waits: one that passes again and again would keep a deadlock from being seen for ever. */
import type { Context } from './context.ts';
import type { InstanceState } from './unit-state.ts';

/** What an instance waits in just now: another wait is another text. */
export function waitOf(context: Context, { name, machine, process }: InstanceState): string {
  const blocked = machine === null ? null : (context.machines.get(machine)?.blocked ?? null);
  const running = context.processes.get(blocked?.type === 'process' ? blocked.key : (process ?? -1));
  return JSON.stringify([blocked, running?.linePut ?? null, running?.inputGet ?? null, context.calls.of(name).map(({ id }) => id)]);
}

/** Whether it was probed while it waited as it does now, and is alive. Until then it may be that the probe ends it. */
export function isAliveInItsWait(context: Context, state: InstanceState): boolean {
  return state.isReady && state.passedWait !== null && state.passedWait === waitOf(context, state);
}
