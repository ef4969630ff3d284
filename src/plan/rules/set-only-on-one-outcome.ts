import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor } from '../plan.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP404: a step waits for an event that only one outcome of others sets, which need not come where nothing is wrong: a failure, or the
 * success of one that may fail. What waits before its start is skipped then, as it should be; a step fails, and its process with it.
 */
export function setOnlyOnOneOutcome(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const events = new Map(
    input.plan.primitives.flatMap((event) => {
      if (event.kind !== 'event' || event.set) return [];
      const setters = (input.actors.get(event.name) ?? []).filter(({ action }) => action === 'set');
      const [first] = setters;
      const outcome = (['success', 'failure'] as const).find((moment) => setters.every(({ by }) => by.type === 'moment' && by.moment === moment));
      if (first === undefined || outcome === undefined) return [];
      return outcome === 'failure' || setters.every((setter) => mayFail(input, setter)) ? [[event.name, { first, outcome }] as const] : [];
    }),
  );
  if (events.size === 0) return [];
  return input.bodies.flatMap(({ owner, work, steps }) => {
    if (work.allowFailure) return [];
    return [...walkSteps(steps)].flatMap((step) => {
      const found = step.verb === 'wait' && failsWhenImpossible(step) ? events.get(step.name) : undefined;
      if (step.verb !== 'wait' || found === undefined) return [];
      const { first, outcome } = found;
      const setter = input.instances.get(first.who)?.process ?? first.who;
      const isFailure = outcome === 'failure';
      return [
        makeDiagnostic('MP404', `this wait of \`${owner}\` fails where \`${setter}\` ${isFailure ? 'succeeds' : 'fails, which `allow_failure` lets pass'}: only its \`${outcome}\` sets \`${step.name}\``, {
          range: input.locate([...step.place, 'wait'], 'value'),
          related: [{ message: `\`${setter}\` sets \`${step.name}\` here`, range: input.locate(first.place, 'value') }],
          hint: isFailure
            ? `write \`wait_for: [${step.name}]\` on a process that is to run only then: it is skipped otherwise, and that fails nothing`
            : `let it be set either way: \`sets: { exit: ${step.name} }\`; or write \`wait_for: [${step.name}]\` on a process of its own, which is skipped then`,
        }),
      ];
    });
  });
}

function mayFail({ instances, plan }: RuleInput, { who }: Actor): boolean {
  return (instances.get(who) ?? plan.pools.find(({ name }) => name === who))?.allowFailure === true;
}
