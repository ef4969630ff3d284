import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP707: only daemons take from a queue that processes fill. The run ends with the last process, whatever is still in the
 * queue or in hand. Nothing is said where somebody waits until it is empty, or for the daemon, or where the daemon gives
 * something back that others may wait for.
 */
export function lostAtTheEnd(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || !input.plan.instances.some(({ kind }) => kind === 'daemon')) return [];
  const acting = new Map<string, Set<string>>();
  for (const { who, action, name } of input.plan.actors) {
    if (action === 'get') continue;
    const names = acting.get(who) ?? new Set();
    acting.set(who, names.add(name));
  }
  const awaited = awaitedNames(input);
  return input.plan.primitives.flatMap((queue) => {
    if (queue.kind !== 'queue' || awaited.has(queue.name)) return [];
    const actors = input.actors.get(queue.name) ?? [];
    const takers = actors.filter(({ action }) => action === 'get');
    const [taker] = takers;
    const fillers = actors.filter((actor) => actor.action === 'put' && input.instances.get(actor.who)?.kind !== 'daemon');
    const filler = fillers.find(({ by }) => by.type !== 'uses') ?? fillers[0];
    if (taker === undefined || filler === undefined || !takers.every(({ who }) => isOnlySink(input, who, acting, awaited))) return [];
    const daemon = ownerOf(input, taker);
    const who = ownerOf(input, filler);
    const isEndless = input.instances.get(taker.who)?.restart === 'always';
    return [
      makeDiagnostic('MP707', `what \`${who}\` puts into \`${queue.name}\` last may be lost: only the daemon \`${daemon}\` takes it, and the run ends with the last process`, {
        range: input.locate(taker.place, 'value'),
        related: [{ message: `\`${who}\` puts here`, range: input.locate(filler.place, 'value') }],
        hint: `move \`${daemon}\` to \`processes\`${isEndless ? ' without its `restart: always`' : ''}: it ends with the queue, and the run waits for that`,
        ...(filler.by.type === 'uses' ? { certainty: 'possible' as const } : {}),
      }),
    ];
  });
}

/** A daemon that only takes, so that nobody can know how far it is. */
function isOnlySink(input: RuleInput, who: string, acting: ReadonlyMap<string, ReadonlySet<string>>, awaited: ReadonlySet<string>): boolean {
  const instance = input.instances.get(who);
  if (instance?.kind !== 'daemon') return false;
  if (awaited.has(instance.name) || awaited.has(instance.process) || acting.has(who)) return false;
  return !input.plan.primitives.some((primitive) => primitive.kind === 'pipe' && primitive.ends.includes(who)) && !input.plan.stdioPipes.some(({ from }) => from === who);
}

/** What is waited for to end or to be empty: by `depends_on` of whoever is no daemon, and by `join`. */
function awaitedNames(input: RuleInput): ReadonlySet<string> {
  const names = new Set<string>();
  for (const work of input.works) {
    for (const { name, moment } of work.dependsOn) if (moment !== 'start' && moment !== 'ready') names.add(name);
  }
  for (const { steps } of input.bodies) for (const step of walkSteps(steps)) if (step.verb === 'join') names.add(step.target.name);
  return names;
}

function ownerOf({ instances }: RuleInput, { who }: Actor): string {
  return instances.get(who)?.process ?? who;
}
