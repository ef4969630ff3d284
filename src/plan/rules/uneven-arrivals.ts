import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import { never } from './count-deeds.ts';
import { deedCounter } from './deed-counter.ts';
import { mustSucceed } from './must-succeed.ts';
import type { RuleInput } from './rule.ts';

/** How often an instance, or all tasks of a pool together, arrive. */
interface Arrivals {
  readonly who: string;
  /** Its process, or itself. */
  readonly owner: string;
  /** Its tasks share the arrivals, so that none of them has to be in every round. */
  readonly isPool: boolean;
  readonly count: number;
  readonly place: Actor['place'];
}

/**
 * MP407: it is known how often each party arrives at a barrier, and these arrivals do not make up whole rounds, so the
 * last of them fails. Nothing is said where a program waits there by `uses`, or where a step resets or aborts the barrier.
 */
export function unevenArrivals(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const disturbed = disturbedBarriers(input);
  const arrivalsAt = arrivalCounter(input);
  return input.plan.primitives.flatMap((barrier) => {
    if (barrier.kind !== 'barrier' || disturbed.has(barrier.name)) return [];
    const arrivals = arrivalsAt(barrier.name);
    if (arrivals === null || !mayFill(input, barrier.name, barrier.parties)) return [];
    const total = arrivals.reduce((sum, { count }) => sum + count, 0);
    const most = arrivals.reduce((left, right) => (right.count > left.count ? right : left), { who: '', owner: '', isPool: true, count: 0, place: barrier.place });
    const rounds = Math.floor(total / barrier.parties);
    const isLeftOver = total % barrier.parties !== 0;
    if (total === 0 || (!isLeftOver && arrivals.every(({ isPool, count }) => isPool || count <= rounds))) return [];
    const others = new Map(arrivals.flatMap((one) => (one.owner === most.owner ? [] : [[one.owner, one] as const])));
    return [
      makeDiagnostic(
        'MP407',
        isLeftOver
          ? `${total} arrivals at the barrier \`${barrier.name}\` do not make up rounds of ${barrier.parties}: who comes last waits for nobody, and fails`
          : `\`${most.owner}\` arrives ${timesOf(most.count)} at the barrier \`${barrier.name}\`, which is filled ${timesOf(rounds)}: it waits for nobody, and fails`,
        {
          range: input.locate(most.place, 'value'),
          related: [
            ...[...others.values()].slice(0, 5).map(({ owner, count, place }) => ({ message: `\`${owner}\` arrives ${timesOf(count)}`, range: input.locate(place, 'value') })),
            { message: `\`${barrier.name}\` is defined here`, range: input.locate(barrier.place, 'key') },
          ],
          hint: hintFor(arrivals, barrier.parties),
        },
      ),
    ];
  });
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function hintFor(arrivals: readonly Arrivals[], parties: number): string {
  const isEven = arrivals.every(({ isPool, count }) => !isPool && count === arrivals[0]?.count);
  if (isEven && arrivals.length !== parties) return `write \`parties: ${arrivals.length}\``;
  return 'let each of them wait there the same number of times';
}

/** Barriers that a step resets or aborts: their rounds are not for us to count. */
function disturbedBarriers({ bodies }: RuleInput): ReadonlySet<string> {
  return new Set(bodies.flatMap(({ steps }) => [...walkSteps(steps)].flatMap((step) => (step.verb === 'reset' || step.verb === 'abort' ? [step.barrier] : []))));
}

/** Whether there are parties enough; where not, another check says so. */
function mayFill({ actors, plan }: RuleInput, barrier: string, parties: number): boolean {
  const slots = new Map(plan.pools.map(({ name, workers }) => [name, workers]));
  const who = new Set((actors.get(barrier) ?? []).flatMap((actor) => (actor.action === 'wait' ? [actor.who] : [])));
  return [...who].reduce((sum, name) => sum + (slots.get(name) ?? 1), 0) >= parties;
}

/** Who arrives how often at a barrier in every run that succeeds; null where that is not known of all. */
function arrivalCounter(input: RuleInput): (barrier: string) => readonly Arrivals[] | null {
  const count = deedCounter(input);
  let sure: ReadonlySet<string> | null = null;
  return (barrier) => {
    const waits = (input.actors.get(barrier) ?? []).filter(({ action }) => action === 'wait');
    // A program decides by itself.
    if (waits.some(({ by }) => by.type !== 'steps' && by.type !== 'start_wait')) return null;
    const counts = count(
      waits.flatMap(({ who, by }) => (by.type === 'steps' ? [who] : [])),
      (step) => (step.verb === 'wait' && step.name === barrier ? { least: 1, most: 1 } : never),
    );
    if (counts.some(({ least, most }) => least !== most)) return null;
    const places = new Map(waits.map(({ who, place }) => [who, place]));
    const bySteps = counts.flatMap(({ who, body, least }): readonly Arrivals[] => {
      const place = places.get(who);
      return place === undefined ? [] : [{ who, owner: body.owner, isPool: 'tasks' in body.work, count: least, place }];
    });
    const starting = waits.filter(({ by }) => by.type === 'start_wait');
    if (starting.length === 0) return bySteps;
    sure ??= mustSucceed(input);
    const start = startOnce(input, starting, sure);
    return start === null ? null : merged([...start, ...bySteps]);
  };
}

/** Those who arrive before their start do so once, and not again when they are restarted; null where one of them need not start, or may again. */
function startOnce({ actors, instances }: RuleInput, starting: readonly Actor[], sure: ReadonlySet<string>): readonly Arrivals[] | null {
  if (starting.some(({ who }) => !sure.has(who) || (actors.get(who) ?? []).some(({ action }) => action === 'start'))) return null;
  return starting.map(({ who, place }) => ({ who, owner: instances.get(who)?.process ?? who, isPool: false, count: 1, place }));
}

/** Of each all that it does. */
function merged(arrivals: readonly Arrivals[]): readonly Arrivals[] {
  const byName = new Map<string, Arrivals>();
  for (const one of arrivals) {
    const known = byName.get(one.who);
    byName.set(one.who, known === undefined ? one : { ...known, isPool: known.isPool && one.isPool, count: known.count + one.count });
  }
  return [...byName.values()];
}
