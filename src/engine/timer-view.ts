import type { Json } from '../base/json.ts';
import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import type { TimerPurpose } from './timer-purpose.ts';

/** What is timed, soonest first, for whoever looks at the run; not when it looks at itself. */
export function timerViews(context: Context): readonly Json[] {
  return context.timers.armed().flatMap(({ atMs, purpose }) => {
    const what = describe(context, purpose);
    return what === null ? [] : [{ in_ms: Math.max(0, Math.round(atMs - context.nowMs)), what }];
  });
}

function describe(context: Context, purpose: TimerPurpose): string | null {
  switch (purpose.type) {
    case 'dependency_timeout':
      return `\`${purpose.unit}\` waits no longer for ${dependencyName(context, purpose.unit, purpose.index)}`;
    case 'attempt_timeout':
      return `the timeout of \`${purpose.instance}\``;
    case 'task_timeout':
      return `the timeout of task ${purpose.task} of \`${purpose.pool}\``;
    case 'worker_timeout':
      return `the timeout of the task of \`${purpose.pool}-${purpose.slot}\``;
    case 'step_timeout':
      return `the timeout of the step of \`${instanceOf(context, purpose.machine)}\``;
    case 'sleep':
      return `the end of the sleep of \`${instanceOf(context, purpose.machine)}\``;
    case 'backoff':
      return `the next attempt of \`${purpose.instance}\``;
    case 'task_backoff':
      return `the next attempt of task ${purpose.task} of \`${purpose.pool}\``;
    case 'worker_grace':
      return `SIGKILL for \`${purpose.pool}-${purpose.slot}\``;
    case 'grace':
      return nextSignal(context, purpose.key);
    case 'probe':
      return `the ${purpose.kind} probe of \`${purpose.instance}\``;
    case 'call_timeout':
      return `the timeout of a request of \`${context.calls.get(purpose.call)?.caller.instance ?? '?'}\``;
    case 'stop_budget':
      return 'SIGKILL for all that is left';
    case 'finally_timeout':
      return `the end of the time of \`${purpose.unit}\` in \`finally\``;
    case 'run_timeout':
      return 'the timeout of the run';
    case 'continue_machine':
    case 'pool_progress':
    case 'deadlock_check':
    case 'retell_waits':
      return null;
  }
}

function dependencyName(context: Context, unit: string, index: number): string {
  const dependency = context.unit(unit).plan.dependsOn[index];
  return dependency === undefined ? 'a dependency' : `\`${dependency.name}\``;
}

/** Whose steps they are. */
function instanceOf(context: Context, machine: string): string {
  return context.machines.get(machine)?.instance ?? '?';
}

/** What whatever is being stopped gets when its time is over. */
function nextSignal(context: Context, key: ProcessKey): string {
  const process = context.processes.get(key);
  const signal = process?.stage === 'command' ? process.stop.signal : 'SIGKILL';
  return `${signal} for \`${process?.instance ?? '?'}\``;
}
