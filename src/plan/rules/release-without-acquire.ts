import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { howSure, weightOf } from './how-sure.ts';
import type { RuleInput } from './rule.ts';
import { knowsHolds, trackHolds } from './track-holds.ts';

/**
 * MP306: a lock that no way to this step has acquired cannot be released. Semaphores may be released
 * by anybody, and what the program of the process may acquire, by `uses`, is left out.
 */
export function releaseWithoutAcquire(input: RuleInput): readonly Diagnostic[] {
  const locks = new Set(
    input.plan.primitives.flatMap((primitive) =>
      primitive.kind === 'lock' ? [primitive.name] : [],
    ),
  );
  return input.bodies.flatMap((body) => {
    const found: Diagnostic[] = [];
    if (!knowsHolds(input, body)) return found;
    const sure = howSure(body.steps);
    trackHolds(body.steps, body.work.holds, (step, held) => {
      const how = sure.get(step);
      // It fails, which is let pass, or is never reached.
      if (step.verb !== 'release' || how === undefined || how.isSpared) return;
      for (const { name } of step.demands) {
        if (!locks.has(name) || (held.most.get(name) ?? 0) > 0) continue;
        if (body.work.declaredHolds.includes(name)) continue;
        found.push(
          makeDiagnostic(
            'MP306',
            `\`${body.owner}\` releases \`${name}\`, which it does not hold here: the step fails`,
            {
              range: input.locate([...step.place, 'release'], 'value'),
              hint: `put \`acquire: ${name}\` before it, or write \`with: ${name}\` around the steps that need it`,
              ...weightOf(input, body.work, how),
            },
          ),
        );
      }
    });
    return found;
  });
}
