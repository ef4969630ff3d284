import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import { never } from './count-deeds.ts';
import { deedCounter } from './deed-counter.ts';
import { namesOf, placesOf, putCount } from './queue-counts.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP503: steps take a fixed number of items from a queue, and fewer are ever put, so one of these `get` fails at the end
 * of the queue. A `get` in a loop ends the loop there, and counts for nothing.
 */
export function moreGetsThanPuts(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const count = deedCounter(input);
  return input.plan.primitives.flatMap((queue) => {
    if (queue.kind !== 'queue' || queue.onConsumerDeath === 'redeliver') return [];
    const { name } = queue;
    const actors = input.actors.get(name) ?? [];
    const producers = actors.filter(({ action }) => action === 'put');
    if (producers.some(({ by }) => by.type !== 'steps') || producers.length + queue.items.length === 0) return [];
    const consumers = actors.filter(({ action }) => action === 'get').map(({ who }) => who);
    const takes = count(consumers, (step) => (isFailingGet(step, name) ? { least: 1, most: 1 } : never)).filter(({ least }) => least > 0);
    const taken = takes.reduce((sum, { least }) => sum + least, 0);
    const puts = count(producers.map(({ who }) => who), (step) => putCount(step, name));
    const there = puts.reduce((sum, { most }) => sum + most, queue.items.length);
    const last = takes.at(-1)?.body;
    const get = last === undefined ? undefined : [...walkSteps(last.steps)].findLast((step) => isFailingGet(step, name));
    if (get === undefined || taken <= there) return [];
    const owners = namesOf(takes);
    return [
      makeDiagnostic('MP503', `${owners.text} ${owners.isOne ? 'takes' : 'take'} ${taken} items from \`${name}\`, and ${there === 0 ? 'none is' : `only ${there} ${there === 1 ? 'is' : 'are'}`} ever put there: a \`get\` fails at its end`, {
        range: input.locate([...get.place, 'get'], 'value'),
        related: placesOf(input, producers, 'puts'),
        hint: `take them with \`each: ${name}\`, which ends when no more can come, or put ${taken - there} more`,
      }),
    ];
  });
}

function isFailingGet(step: Step, queue: string): boolean {
  return step.verb === 'get' && step.queue === queue && failsWhenImpossible(step);
}
