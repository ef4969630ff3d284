import type { CompileContext } from './compile-context.ts';

/** The pools that somebody submits to with a handle. */
export function poolsOfHandle(context: CompileContext, who: string, handle: string): readonly string[] {
  return [...new Set(context.stepsOf(who).flatMap((step) => (step.verb === 'submit' && step.as === handle ? [step.pool] : [])))];
}
