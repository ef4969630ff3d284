import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** MP522: a step puts with a priority into a queue that does not look at it. */
export function priorityWithoutOrder(input: RuleInput): readonly Diagnostic[] {
  const queues = new Map(input.plan.primitives.flatMap((primitive) => (primitive.kind === 'queue' && primitive.order !== 'priority' ? [[primitive.name, primitive]] : [])));
  return input.bodies.flatMap((body) =>
    [...walkSteps(body.steps)].flatMap((step) => {
      const queue = step.verb === 'put' && step.priority !== 0 ? queues.get(step.queue) : undefined;
      if (queue === undefined) return [];
      return [
        makeDiagnostic('MP522', `\`${body.owner}\` puts into \`${queue.name}\` with a priority, which counts for nothing there: the queue has \`order: ${queue.order}\``, {
          range: input.locate([...step.place, 'priority'], 'value'),
          related: [{ message: `\`${queue.name}\` is defined here`, range: input.locate(queue.place, 'key') }],
          hint: `give \`${queue.name}\` \`order: priority\`, or leave out \`priority\``,
        }),
      ];
    }),
  );
}
