import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { howSure, weightOf } from './how-sure.ts';
import type { RuleInput } from './rule.ts';
import { knowsHolds, trackHolds } from './track-holds.ts';

/** MP313: `wait` and `notify` need the lock of the condition, and no way to this step has acquired it. */
export function conditionWithoutLock(input: RuleInput): readonly Diagnostic[] {
  const lockOf = new Map(
    input.plan.primitives.flatMap((primitive) =>
      primitive.kind === 'condition' ? [[primitive.name, primitive.lock] as const] : [],
    ),
  );
  return input.bodies.flatMap((body) => {
    const found: Diagnostic[] = [];
    if (!knowsHolds(input, body)) return found;
    const sure = howSure(body.steps);
    trackHolds(body.steps, body.work.holds, (step, held) => {
      const condition = conditionOf(step);
      const lock = condition === null ? undefined : lockOf.get(condition);
      const how = sure.get(step);
      // It fails, which is let pass, or is never reached.
      if (lock === undefined || how === undefined || how.isSpared || (held.most.get(lock) ?? 0) > 0) return;
      if (body.work.declaredHolds.includes(lock)) return;
      found.push(
        makeDiagnostic(
          'MP313',
          `\`${body.owner}\` uses the condition \`${condition}\` without holding its lock \`${lock}\`: the step fails`,
          {
            range: input.locate([...step.place, step.verb], 'value'),
            hint: `write \`with: ${lock}\` around this step`,
            ...weightOf(input, body.work, how),
          },
        ),
      );
    });
    return found;
  });
}

/** What a step waits for or notifies, which may be no condition. */
function conditionOf(step: Step): string | null {
  if (step.verb === 'notify') return step.condition;
  return step.verb === 'wait' ? step.name : null;
}
