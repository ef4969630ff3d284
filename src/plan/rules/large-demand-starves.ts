import type { Place } from '../../base/place.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { innerSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** Somebody who takes permits of a semaphore. */
interface Taker {
  readonly owner: string;
  readonly permits: number;
  /** So many instances may do so at once. */
  readonly count: number;
  /** Each takes and gives back without end. */
  readonly recurs: boolean;
  readonly place: Place;
}

/**
 * MP309: permits go to the first who waits and whose whole demand fits, so that small demands that come again and again
 * may keep a large one waiting for ever, where enough of them overlap. Not with `fair: true`.
 */
export function largeDemandStarves(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || !input.plan.primitives.some(({ kind }) => kind === 'semaphore')) return [];
  const takers = takersOf(input);
  return input.plan.primitives.flatMap((semaphore) => {
    if (semaphore.kind !== 'semaphore' || semaphore.fair) return [];
    const { name, permits } = semaphore;
    const of = takers.get(name) ?? [];
    const small = (large: Taker): readonly Taker[] => of.filter((taker) => taker !== large && taker.recurs && taker.permits < large.permits);
    const starved = of.find((large) => large.permits > 1 && large.permits <= permits && alwaysTaken(small(large)) > permits - large.permits);
    const other = starved === undefined ? undefined : small(starved)[0];
    if (starved === undefined || other === undefined) return [];
    return [
      makeDiagnostic('MP309', `\`${starved.owner}\` needs ${starved.permits} permits of \`${name}\` at once, while \`${other.owner}\` takes ${other.permits} again and again: it may wait for ever`, {
        range: input.locate(starved.place, 'value'),
        related: [{ message: `\`${other.owner}\` takes less here, without end`, range: input.locate(other.place, 'value') }],
        hint: `give \`${name}\` \`fair: true\`: then nobody passes who waits`,
      }),
    ];
  });
}

/** So much stays taken while each of them in turn gives back and takes anew. */
function alwaysTaken(takers: readonly Taker[]): number {
  const all = takers.reduce((sum, { permits, count }) => sum + permits * count, 0);
  return all - takers.reduce((most, { permits }) => Math.max(most, permits), 0);
}

function takersOf(input: RuleInput): ReadonlyMap<string, readonly Taker[]> {
  const takers = new Map<string, Taker[]>();
  const add = (name: string, taker: Taker): void => {
    const list = takers.get(name);
    if (list === undefined) takers.set(name, [taker]);
    else list.push(taker);
  };
  const replicas = new Map<object, number>();
  for (const { body } of [...input.plan.instances, ...input.plan.pools]) replicas.set(body, (replicas.get(body) ?? 0) + 1);
  for (const work of input.works) {
    const owner = 'process' in work ? work.process : work.name;
    const count = 'workers' in work ? work.workers : (replicas.get(work.body) ?? 1);
    const recurs = 'restart' in work && work.restart === 'always';
    for (const { name, permits } of work.holds) add(name, { owner, permits, count, recurs, place: [...work.place, 'with'] });
    if (work.body.type !== 'steps') continue;
    for (const { step, isEndless } of withLoops(work.body.steps, recurs)) {
      if (step.verb !== 'acquire' && step.verb !== 'with') continue;
      for (const { name, permits } of step.demands) add(name, { owner, permits, count, recurs: isEndless, place: [...step.place, step.verb] });
    }
  }
  return takers;
}

/** All steps, and whether a loop for ever is around them. */
function* withLoops(steps: readonly Step[], isEndless: boolean): Generator<{ readonly step: Step; readonly isEndless: boolean }> {
  for (const step of steps) {
    yield { step, isEndless };
    const goesRound = isEndless || (step.verb === 'repeat' && step.rounds === 'forever');
    for (const inner of innerSteps(step)) yield* withLoops(inner, goesRound);
  }
}
