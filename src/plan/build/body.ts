import type { PoolSpec } from '../../spec/schema/pool.ts';
import type { ProcessSpec } from '../../spec/schema/process.ts';
import type { WorkBody } from '../plan.ts';
import { buildCommand } from './commands.ts';
import type { FillPlace } from './fill-place.ts';
import { buildSteps } from './steps.ts';

/** Plans what a process or a task of a pool runs: its steps, or its command with its arguments. */
export function buildBody(at: FillPlace, spec: ProcessSpec | PoolSpec, workingDir: string): WorkBody {
  if (spec.steps !== undefined) {
    return { type: 'steps', steps: buildSteps(at.below('steps'), workingDir, spec.steps) };
  }
  const command = buildCommand(
    at.below('command'),
    spec.command ?? [],
    spec.args,
    at.below('args'),
  );
  return { type: 'command', command };
}
