import type { Step } from '../../plan/step.ts';
import type { CompileContext } from './compile-context.ts';

/** Whether somebody may end a pool before its time, or begin it once more. */
export function mayBeEnded(context: CompileContext, pool: string): boolean {
  const ends = (step: Step): boolean => (step.verb === 'terminate' || step.verb === 'kill') && step.pool && step.name === pool;
  return context.actorsOf('start', pool).length > 0 || context.works.some(({ name }) => context.stepsOf(name).some(ends));
}
