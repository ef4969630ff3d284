import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import { never } from './count-deeds.ts';
import { deedCounter } from './deed-counter.ts';
import { namesOf, placesOf, putCount } from './queue-counts.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP504: steps put more items into a bounded queue than are ever taken and have room there, so one of these `put` waits
 * until nobody can take any more, and fails.
 */
export function morePutsThanRoom(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const count = deedCounter(input);
  return input.plan.primitives.flatMap((queue) => {
    if (queue.kind !== 'queue' || queue.capacity === null) return [];
    const { name, capacity } = queue;
    const actors = input.actors.get(name) ?? [];
    const consumers = actors.filter(({ action }) => action === 'get');
    // Without a consumer the first put fails, which is said by another check.
    if (consumers.length === 0 || consumers.some(({ by }) => by.type !== 'steps')) return [];
    const producers = actors.filter(({ action, by }) => action === 'put' && by.type === 'steps').map(({ who }) => who);
    const puts = count(producers, (step) => putCount(step, name)).filter(({ least }) => least > 0);
    const put = puts.reduce((sum, { least }) => sum + least, 0);
    const takes = count(consumers.map(({ who }) => who), (step) => takeCount(step, name));
    const taken = takes.reduce((sum, { most }) => sum + most, 0);
    const excess = queue.items.length + put - taken - capacity;
    const last = puts.at(-1)?.body;
    const step = last === undefined ? undefined : [...walkSteps(last.steps)].findLast((each) => each.verb === 'put' && each.queue === name);
    if (step === undefined || excess <= 0) return [];
    const owners = namesOf(puts);
    return [
      makeDiagnostic('MP504', `${owners.text} ${owners.isOne ? 'puts' : 'put'} ${put} items into \`${name}\`, which has room for ${capacity}, and only ${taken} are ever taken: a \`put\` fails when nobody is left to take`, {
        range: input.locate([...step.place, 'put'], 'value'),
        related: placesOf(input, consumers, 'takes'),
        hint: `take all that comes with \`each: ${name}\`, or give \`${name}\` \`capacity: ${capacity + excess}\``,
      }),
    ];
  });
}

/** An `each` takes what its rounds have, and so often as it goes round. */
function takeCount(step: Step, queue: string): { readonly least: number; readonly most: number } {
  if (step.verb === 'each' && step.source.kind === 'queue' && step.source.name === queue) return { least: 0, most: Number.POSITIVE_INFINITY };
  return step.verb === 'get' && step.queue === queue ? { least: 1, most: 1 } : never;
}
