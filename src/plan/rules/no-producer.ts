import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { innerSteps } from '../walk-steps.ts';
import { heaviest, howSure, weightOf, type Weight } from './how-sure.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP502: nobody puts into a queue that has no items of its own. A `get` outside every loop fails at
 * once; who only reads to the end of the stream sees that end at once, which is a warning.
 */
export function noProducer(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.mayHide('put')) return [];
  const failing = new Map<string, Weight[]>();
  for (const body of input.bodies) {
    const sure = howSure(body.steps);
    collectFailing(body.steps, (step, queue) => {
      const how = sure.get(step);
      if (how !== undefined && !how.isSpared) failing.set(queue, [...(failing.get(queue) ?? []), weightOf(input, body.work, how)]);
    });
  }
  return input.plan.primitives.flatMap((primitive) => {
    if (primitive.kind !== 'queue' || primitive.items.length > 0) return [];
    const actors = input.actors.get(primitive.name) ?? [];
    if (actors.some((actor) => actor.action === 'put')) return [];
    const weight = heaviest(failing.get(primitive.name) ?? []);
    const needsItem = weight !== undefined;
    const takers = actors.filter((actor) => actor.action === 'get');
    const consumer = takers.find((actor) => !needsItem || actor.by.type === 'steps') ?? takers[0];
    if (consumer === undefined) return [];
    const who = input.instances.get(consumer.who)?.process ?? consumer.who;
    return [
      makeDiagnostic(
        'MP502',
        needsItem
          ? `nobody puts into the queue \`${primitive.name}\`, so the \`get\` of \`${who}\` fails at once`
          : `nobody puts into the queue \`${primitive.name}\`, so \`${who}\` sees its end at once`,
        {
          range: input.locate(consumer.place, 'value'),
          related: [
            {
              message: `\`${primitive.name}\` is defined here`,
              range: input.locate(primitive.place, 'key'),
            },
          ],
          hint: `write \`${primitive.name}: { items: […] }\`, or let a process put into it: a step \`put\`, \`stdout: { queue: ${primitive.name} }\`, or \`uses: { ${primitive.name}: put }\``,
          ...(weight ?? { severity: 'warning' }),
        },
      ),
    ];
  });
}

/** Queues of `get` steps that no loop surrounds and that say nothing of a timeout or a failure. */
function collectFailing(steps: readonly Step[], found: (step: Step, queue: string) => void): void {
  for (const step of steps) {
    if (step.verb === 'get' && step.onTimeout.type === 'fail' && !step.allowFailure)
      found(step, step.queue);
    if (step.verb === 'each' || step.verb === 'repeat') continue;
    for (const inner of innerSteps(step)) collectFailing(inner, found);
  }
}
