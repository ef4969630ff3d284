import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** MP520: a queue gives back what a dead consumer had in hand, and no consumer of it ever has anything in hand. */
export function redeliversNothing(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  return input.plan.primitives.flatMap((primitive) => {
    if (primitive.kind !== 'queue' || primitive.onConsumerDeath !== 'redeliver') return [];
    const { name } = primitive;
    const takers = (input.actors.get(name) ?? []).filter(({ action }) => action === 'get');
    const [first] = takers;
    if (first === undefined || takers.some((taker) => keepsInHand(input, taker))) return [];
    const who = input.instances.get(first.who)?.process ?? first.who;
    return [
      makeDiagnostic('MP520', `\`${name}\` redelivers nothing: what \`${who}\` takes from it is done at once, and lost where \`${who}\` dies`, {
        range: input.locate([...primitive.place, 'on_consumer_death'], 'value'),
        related: [{ message: `\`${who}\` takes from it here`, range: input.locate(first.place, 'value') }],
        hint: hintFor(first, name),
      }),
    ];
  });
}

/** Tasks and the items of an `each` are in hand until they are done, others where somebody says `task_done`. */
function keepsInHand(input: RuleInput, { who, name, by }: Actor): boolean {
  if (by.type === 'stdio') return false;
  const work = input.instances.get(who) ?? input.plan.pools.find((pool) => pool.name === who);
  if (by.type === 'tasks' || work?.taskDoneQueues.includes(name) === true) return true;
  if (by.type !== 'steps') return false;
  const body = input.bodies.find(({ runners }) => runners.includes(who));
  return [...walkSteps(body?.steps ?? [])].some((step) => step.verb === 'each' && step.source.name === name);
}

function hintFor({ by }: Actor, name: string): string {
  switch (by.type) {
    case 'steps':
      return `take each item with \`each: ${name}\`, or add a step \`task_done: ${name}\` after its work`;
    case 'stdio':
      return `share it with a pool: \`tasks: { queue: ${name} }\``;
    default:
      return `write \`uses: { ${name}: [get, task_done] }\`, and let the program say \`task_done\` when an item is done`;
  }
}
