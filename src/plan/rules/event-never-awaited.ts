import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { walkSteps } from '../walk-steps.ts';
import { hasProgramsBeside } from './programs-beside.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP403: an event is set, and nobody waits for it. Not said where somebody else runs a program, which may wait for it
 * without an entry in `uses`.
 */
export function eventNeverAwaited(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const awaited = new Set(input.works.flatMap(({ waitFor }) => waitFor.map(({ name }) => name)));
  for (const { steps } of input.bodies) for (const step of walkSteps(steps)) if (step.verb === 'wait') awaited.add(step.name);
  return input.plan.primitives.flatMap((event) => {
    if (event.kind !== 'event' || awaited.has(event.name)) return [];
    const setter = (input.actors.get(event.name) ?? []).find(({ action }) => action === 'set');
    if (setter === undefined) return [];
    const who = input.instances.get(setter.who)?.process ?? setter.who;
    if (hasProgramsBeside(input, who)) return [];
    return [
      makeDiagnostic('MP403', `\`${who}\` sets \`${event.name}\`, and nobody waits for it`, {
        range: input.locate(event.place, 'key'),
        related: [{ message: 'it is set here', range: input.locate(setter.place, 'value') }],
        hint: `add \`wait_for: [${event.name}]\` or a step \`wait: ${event.name}\` to who is to wait, or remove it`,
      }),
    ];
  });
}
