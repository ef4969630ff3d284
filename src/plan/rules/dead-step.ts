import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { innerSteps } from '../walk-steps.ts';
import { waysOutOf } from '../ways-out.ts';
import type { RuleInput, SharedBody } from './rule.ts';

/** MP709: a step stands behind one that never goes on: an `exit`, or a loop for ever that no end of a stream ends. */
export function deadStep(input: RuleInput): readonly Diagnostic[] {
  return input.bodies.flatMap((body) => (body.isWhole ? deadIn(input, body, body.steps) : []));
}

function deadIn(input: RuleInput, body: SharedBody, steps: readonly Step[]): readonly Diagnostic[] {
  const last = steps.findIndex((step) => !waysOutOf(step).through);
  const dead = last === -1 ? undefined : steps[last + 1];
  const barrier = steps[last];
  const inside = steps.slice(0, last === -1 ? steps.length : last + 1).flatMap((step) => innerSteps(step).flatMap((inner) => deadIn(input, body, inner)));
  if (dead === undefined || barrier === undefined) return inside;
  return [
    ...inside,
    makeDiagnostic('MP709', `\`${body.owner}\` never comes to this step: ${barrier.verb === 'repeat' && barrier.rounds === 'forever' ? 'the loop before it goes on for ever' : 'it ends before'}`, {
      range: input.locate([...dead.place, dead.verb], 'value'),
      related: [{ message: 'it never goes on from here', range: input.locate([...barrier.place, barrier.verb], 'value') }],
      hint: 'move it to where it is reached, or remove it',
    }),
  ];
}
