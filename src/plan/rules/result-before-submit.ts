import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { innerSteps } from '../walk-steps.ts';
import type { RuleInput, SharedBody } from './rule.ts';

/** MP608: `result` names what no `submit` before it has stored with `as`. */
export function resultBeforeSubmit(input: RuleInput): readonly Diagnostic[] {
  return input.bodies.flatMap((body) => {
    const found: Diagnostic[] = [];
    if (body.isWhole) check(input, body, body.steps, new Set(), found);
    return found;
  });
}

/** A handle stored in a loop is known to the steps after it, as it is in Python. */
function check(
  input: RuleInput,
  body: SharedBody,
  steps: readonly Step[],
  handles: Set<string>,
  found: Diagnostic[],
): void {
  for (const step of steps) {
    if (step.verb === 'submit' && step.as !== null) handles.add(step.as);
    if (step.verb === 'result' && !handles.has(step.handle)) {
      found.push(
        makeDiagnostic(
          'MP608',
          `\`${body.owner}\` asks for the result \`${step.handle}\`, but no \`submit\` before it has \`as: ${step.handle}\``,
          {
            range: input.locate([...step.place, 'result'], 'value'),
            hint:
              handles.size > 0
                ? `known here: ${[...handles].map((handle) => `\`${handle}\``).join(', ')}`
                : `add \`as: ${step.handle}\` to the \`submit\` it belongs to`,
          },
        ),
      );
    }
    for (const inner of innerSteps(step)) {
      if (step.verb === 'repeat' || step.verb === 'each')
        for (const handle of stored(inner)) handles.add(handle);
      check(input, body, inner, handles, found);
    }
  }
}

/** A later round may use what an earlier one has stored. */
function stored(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => [
    ...(step.verb === 'submit' && step.as !== null ? [step.as] : []),
    ...innerSteps(step).flatMap(stored),
  ]);
}
