import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { failsWhenImpossible } from '../walk-steps.ts';
import { howSure, weightOf, weightOfStart, type Weight } from './how-sure.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP406: a barrier that needs more parties than can ever arrive is broken from the start. Nothing is
 * said where a program waits there by `uses`, since its threads may be parties of their own, or where
 * a wait says what to do instead.
 */
export function partiesMismatch(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.mayHide('wait')) return [];
  const tolerant = new Set<string>();
  const failing = new Set<string>();
  const unlessEnded = new Set<string>();
  const add = (name: string, { certainty }: Weight): void => {
    if (certainty === undefined) failing.add(name);
    else if (certainty === 'some interleaving') unlessEnded.add(name);
  };
  for (const body of input.bodies) {
    for (const [step, { isSpared, isReached }] of howSure(body.steps)) {
      if (step.verb !== 'wait' || step.kind !== 'barrier') continue;
      if (!failsWhenImpossible(step)) tolerant.add(step.name);
      else if (isReached && !isSpared && !body.work.allowFailure) add(step.name, weightOf(input, body.work, { isReached }));
    }
  }
  for (const work of input.works) {
    const waitsBefore = work.dependsOn.length + work.waitFor.length - 1;
    for (const { name, kind } of work.waitFor) if (kind === 'barrier' && !work.allowFailure) add(name, weightOfStart(input, work, waitsBefore));
  }
  const slots = new Map(input.plan.pools.map((pool) => [pool.name, pool.workers]));
  return input.plan.primitives.flatMap((primitive) => {
    if (primitive.kind !== 'barrier' || tolerant.has(primitive.name)) return [];
    const waits = (input.actors.get(primitive.name) ?? []).filter(
      (actor) => actor.action === 'wait',
    );
    if (waits.length === 0 || waits.some((actor) => actor.by.type === 'uses')) return [];
    const parties = new Map(waits.map((actor) => [actor.who, actor]));
    const count = [...parties.keys()].reduce((sum, who) => sum + (slots.get(who) ?? 1), 0);
    if (count >= primitive.parties) return [];
    const who = [
      ...new Set([...parties.keys()].map((name) => input.instances.get(name)?.process ?? name)),
    ];
    return [
      makeDiagnostic(
        'MP406',
        `the barrier \`${primitive.name}\` needs ${primitive.parties} parties, but only ${count} can arrive (${who.map((name) => `\`${name}\``).join(', ')}): it can never be filled`,
        {
          range: input.locate(primitive.place, 'key'),
          related: who.slice(0, 5).map((name) => {
            const place =
              waits.find((actor) => (input.instances.get(actor.who)?.process ?? actor.who) === name)
                ?.place ?? primitive.place;
            return { message: `\`${name}\` waits there`, range: input.locate(place, 'value') };
          }),
          // Nobody need come there, or who finds it broken may fail.
          ...(failing.has(primitive.name) ? {} : ({ severity: 'warning', certainty: unlessEnded.has(primitive.name) ? 'some interleaving' : 'possible' } as const)),
          hint: hintFor(primitive.parties, count, who, slots),
        },
      ),
    ];
  });
}

/** Of the tasks of a pool as many can meet as it has workers; those that are left over when fewer meet would come for another round. */
function hintFor(parties: number, count: number, who: readonly string[], slots: ReadonlyMap<string, number>): string {
  const [first = ''] = who;
  const workers = who.length === 1 ? slots.get(first) : undefined;
  return workers === undefined ? `write \`parties: ${count}\`, or let ${parties - count} more wait for it` : `give \`${first}\` ${workers + parties - count} workers, or write \`parties: ${count}\``;
}
