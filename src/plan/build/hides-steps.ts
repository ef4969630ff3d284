import { anyKey, type GapNode } from '../../spec/gaps.ts';

/** Steps that do nothing to anything with a name, and keep nothing. */
const aloneVerbs = ['print', 'sleep', 'exit', 'shutdown'] as const;

/**
 * Whether steps are missing in a list with gaps, or in one inside, that could do something to a thing or
 * keep a variable. What is missing within a step that is still there hides neither.
 */
export function hidesSteps(list: GapNode): boolean {
  if (list.isGap) return true;
  return [...list.children.values()].some(({ isGap, children }) => {
    if (isGap && !aloneVerbs.some((verb) => children.has(verb))) return true;
    if (children.has('as') || children.has(anyKey)) return true;
    const inner = [children.get('do'), children.get('on_timeout')];
    return inner.some((steps) => steps !== undefined && hidesSteps(steps));
  });
}
