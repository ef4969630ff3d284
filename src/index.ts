import path from 'node:path';
import { pythonFolder } from '../cmd/assets.ts';
import { preparePlan } from '../cmd/prepare-plan.ts';
import { processHost } from '../cmd/process-host.ts';
import { unreadTaskFiles } from '../cmd/unread-task-files.ts';
import { makeDiagnostic } from './diagnostics/make-diagnostic.ts';
import type * as library from './library.ts';
import { runPlan } from './runtime/run-plan.ts';

/** See the contract in `library.ts`. */
export const check: typeof library.check = (spec) => {
  const { plan: planned, locate, diagnostics } = preparePlan(processHost(), spec);
  const unread = planned === null ? [] : unreadTaskFiles(planned, locate);
  return { valid: planned !== null && unread.length === 0, diagnostics: [...diagnostics, ...unread] };
};

/** See the contract in `library.ts`. */
export const plan: typeof library.plan = (spec) => {
  const { plan: planned, diagnostics } = preparePlan(processHost(), spec);
  return { plan: planned, diagnostics };
};

/** See the contract in `library.ts`. */
export const run: typeof library.run = async (spec, { onEvent = ignore } = {}) => {
  const host = processHost();
  const { name, plan: planned, diagnostics, locate, lineOf } = preparePlan(host, spec);
  if (planned === null) return { summary: null, diagnostics };
  const unread = unreadTaskFiles(planned, locate);
  if (unread.length > 0) return { summary: null, diagnostics: [...diagnostics, ...unread] };
  const specPath = path.resolve(host.workingDir, name);
  const ended = await runPlan(planned, {
    environment: host.environment,
    specPath,
    projectFolder: path.dirname(specPath),
    pythonFolder: pythonFolder(),
    lineOf,
    report: onEvent,
  });
  if (ended.ok) return { summary: ended.value, diagnostics };
  const { code, message, hint } = ended.error;
  return { summary: null, diagnostics: [...diagnostics, makeDiagnostic(code, message, { hint })] };
};

function ignore(): void {
  // Whoever wants no events gives no function.
}
