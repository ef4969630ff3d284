import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor } from '../plan.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP518: a queue feeds a `stdin`, which takes thousands of items ahead, and has another consumer. The
 * slots of a pool are consumers of their own.
 */
export function sharedStdin(input: RuleInput): readonly Diagnostic[] {
  const slots = new Map(input.plan.pools.map(({ name, workers }) => [name, workers]));
  return input.plan.primitives.flatMap((primitive) => {
    if (primitive.kind !== 'queue') return [];
    const takers = (input.actors.get(primitive.name) ?? []).filter(({ action }) => action === 'get');
    const greedy = takers.find(({ by }) => by.type === 'stdio');
    if (greedy === undefined) return [];
    const consumers = new Set(takers.map(({ who }) => who));
    if (consumers.size === 1 && (slots.get(greedy.who) ?? 1) === 1) return [];
    const others = firstOfEach(input, takers).filter(({ name }) => name !== ownerOf(input, greedy));
    return [
      makeDiagnostic(
        'MP518',
        `the queue \`${primitive.name}\` has several consumers, but the stdin of \`${ownerOf(input, greedy)}\` takes its items thousands ahead: some may get none`,
        {
          range: input.locate(greedy.place, 'value'),
          related: others.slice(0, 5).map(({ name, place }) => ({
            message: `\`${name}\` takes from it too`,
            range: input.locate(place, 'value'),
          })),
          hint: `share it with a pool: \`tasks: { queue: ${primitive.name} }\``,
        },
      ),
    ];
  });
}

function ownerOf({ instances }: RuleInput, { who }: Actor): string {
  return instances.get(who)?.process ?? who;
}

/** Each process or pool once, with the first place where it takes. */
function firstOfEach(input: RuleInput, takers: readonly Actor[]): readonly { readonly name: string; readonly place: Actor['place'] }[] {
  const places = new Map<string, Actor['place']>();
  for (const taker of takers) {
    const name = ownerOf(input, taker);
    if (!places.has(name)) places.set(name, taker.place);
  }
  return [...places].map(([name, place]) => ({ name, place }));
}
