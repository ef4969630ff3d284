import type { Step } from '../step.ts';
import { innerSteps } from '../walk-steps.ts';

/**
 * Whether the loop around these steps may end with a stream: a `get` or `recv` with no other loop between finds that
 * nothing more comes.
 */
export function endsWithStream(steps: readonly Step[]): boolean {
  return steps.some((step) => {
    if (step.verb === 'get' || step.verb === 'recv') return true;
    if (step.verb === 'each' || step.verb === 'repeat') return false;
    return innerSteps(step).some(endsWithStream);
  });
}
