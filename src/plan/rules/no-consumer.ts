import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { failsWhenImpossible } from '../walk-steps.ts';
import { heaviest, howSure, weightOf, weightOfWait, type Weight } from './how-sure.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP501: nobody can take from a queue, so the first `put` fails as broken. Where only a program might
 * put, by `uses`, it is a warning.
 */
export function noConsumer(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.mayHide('get')) return [];
  const hard = new Map<string, Weight[]>();
  for (const body of input.bodies) {
    for (const [step, how] of howSure(body.steps))
      if (step.verb === 'put' && failsWhenImpossible(step)) hard.set(step.queue, [...(hard.get(step.queue) ?? []), weightOf(input, body.work, how)]);
  }
  return input.plan.primitives.flatMap((primitive) => {
    if (primitive.kind !== 'queue') return [];
    const actors = input.actors.get(primitive.name) ?? [];
    if (actors.some((actor) => actor.action === 'get')) return [];
    const certain = actors.find(
      (actor) =>
        actor.action === 'put' &&
        (actor.by.type === 'stdio' ||
          actor.by.type === 'results' ||
          (actor.by.type === 'steps' && hard.has(primitive.name))),
    );
    const possible = actors.find((actor) => actor.action === 'put' && actor.by.type === 'uses');
    const producer = certain ?? possible;
    if (producer === undefined) return [];
    const who = input.instances.get(producer.who)?.process ?? producer.who;
    return [
      makeDiagnostic(
        'MP501',
        `nobody takes from the queue \`${primitive.name}\`: the first item that \`${who}\` puts fails as broken`,
        {
          range: input.locate(producer.place, 'value'),
          related: [
            {
              message: `\`${primitive.name}\` is defined here`,
              range: input.locate(primitive.place, 'key'),
            },
          ],
          hint: `give a process \`stdin: { queue: ${primitive.name} }\`, a step \`each: ${primitive.name}\`, or \`uses: { ${primitive.name}: get }\``,
          ...(certain === undefined ? { severity: 'warning', certainty: 'possible' } as const : weightOfPuts(input, primitive.name, hard)),
        },
      ),
    ];
  });
}

/** Of all that fail there: steps as far as they are come to, a stream and results in any case. */
function weightOfPuts(input: RuleInput, queue: string, hard: ReadonlyMap<string, readonly Weight[]>): Weight | undefined {
  const byStream = (input.actors.get(queue) ?? []).flatMap(({ action, by, who }) => {
    const work = input.instances.get(who) ?? input.plan.pools.find(({ name }) => name === who);
    return action === 'put' && (by.type === 'stdio' || by.type === 'results') && work !== undefined ? [weightOfWait(input, work)] : [];
  });
  return heaviest([...byStream, ...(hard.get(queue) ?? [])]);
}
