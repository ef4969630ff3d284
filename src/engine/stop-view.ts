import type { Context } from './context.ts';
import type { ProcessState } from './process-state.ts';
import type { ProcessKey } from './engine-event.ts';
import type { Unit } from './unit-state.ts';

/** How something is being stopped, for whoever looks at the run; JSON-safe. */
export type StopView = {
  /** What has asked it to end last: a signal, or `command` for its stop command; null where nothing has yet. */
  readonly signal: string | null;
  /** Until it is asked by the next: after a stop signal SIGKILL; null where nothing follows. */
  readonly next_in_ms: number | null;
  readonly why: string;
};

/** How the attempt of an instance, or what is left of the tasks of a pool, is being stopped; null where it is not. */
export function stopView(context: Context, unit: Unit): StopView | null {
  if (unit.phase !== 'running' && unit.phase !== 'starting') return null;
  const process = processesOf(context, unit).find(({ stopping }) => stopping !== null);
  const isAsked = unit.type === 'pool' || unit.machine !== null ? isStopped(context, unit) : process !== undefined;
  if (!isAsked) return null;
  const why = unit.stopWhy ?? process?.stopping?.why ?? context.run.cause?.why ?? 'the run is over';
  if (process === undefined) return { signal: null, next_in_ms: null, why };
  return { signal: signalOf(process), next_in_ms: nextInMs(context, process), why };
}

/** The tasks of a pool and the commands of steps may be stopped alone; it is all of them here. */
function isStopped(context: Context, unit: Unit): boolean {
  if (unit.stopWhy !== null) return true;
  return unit.type === 'instance' && unit.machine !== null && context.machines.get(unit.machine)?.stopping === true;
}

function processesOf(context: Context, unit: Unit): readonly ProcessState[] {
  const bodies = unit.type === 'pool' ? [...unit.tasks.values()].filter(({ phase }) => phase === 'running') : [unit];
  return bodies.flatMap((body) => {
    const key = commandOf(context, body);
    return key === null ? [] : (context.processes.get(key) ?? []);
  });
}

/** The command of an instance or a task, or of the step that it is at; null where none runs. */
export function commandOf(context: Context, { process, machine }: { readonly process: ProcessKey | null; readonly machine: string | null }): ProcessKey | null {
  if (process !== null || machine === null) return process;
  const blocked = context.machines.get(machine)?.blocked;
  return blocked?.type === 'process' ? blocked.key : null;
}

function signalOf({ stage, stop }: ProcessState): string | null {
  switch (stage) {
    case 'none':
      return null;
    case 'command':
      return 'command';
    case 'signalled':
      return stop.signal;
    case 'killed':
      return 'SIGKILL';
  }
}

/** The time of the whole run may be over before its own. */
function nextInMs({ nowMs, run: { budgetTimer } }: Context, { stage, graceTimer }: ProcessState): number | null {
  if (stage === 'killed' || graceTimer?.armed !== true) return null;
  const dueMs = budgetTimer?.armed === true ? Math.min(graceTimer.atMs, budgetTimer.atMs) : graceTimer.atMs;
  return Math.max(0, Math.round(dueMs - nowMs));
}
