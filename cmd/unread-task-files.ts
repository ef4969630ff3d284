import { accessSync, constants, statSync } from 'node:fs';
import { resolvePath } from '../src/base/resolve-path.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import type { Plan, PoolPlan } from '../src/plan/plan.ts';
import { explainUnreadTasks } from '../src/runtime/unread-tasks.ts';
import type { LoadedSpec } from '../src/spec/loaded-spec.ts';

/**
 * The files of tasks that are read when the run begins and cannot be. What is read later may still be made
 * before: nothing is said of it.
 */
export function unreadTaskFiles(plan: Plan, locate: LoadedSpec['locate'] | null): readonly Diagnostic[] {
  return plan.pools.filter(startsAtOnce).flatMap(({ name, place, tasks, workingDir }) => {
    if (tasks.type !== 'lines' || typeof tasks.file !== 'string') return [];
    const error = errorOfReading(resolvePath(workingDir, tasks.file));
    if (error === null) return [];
    const { message, hint } = explainUnreadTasks(error, `\`${tasks.file}\``);
    const range = locate === null ? null : locate([...place, 'tasks', 'lines'], 'value');
    return [makeDiagnostic('MP611', `the tasks of the pool \`${name}\` cannot be read: ${message}`, { range, hint })];
  });
}

function startsAtOnce({ autostart, dependsOn, waitFor }: PoolPlan): boolean {
  return autostart && dependsOn.length === 0 && waitFor.length === 0;
}

/** What opening the file would meet. It is not opened: a named pipe waits there for whoever writes to it. */
function errorOfReading(path: string): unknown {
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory() ? Object.assign(new Error('EISDIR'), { code: 'EISDIR' }) : null;
  } catch (error) {
    return error;
  }
}
