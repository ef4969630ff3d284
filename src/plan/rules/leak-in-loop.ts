import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Demand } from '../../sync/operation.ts';
import type { Step } from '../step.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import { roundsOf } from '../rounds-of.ts';
import { endsWithStream } from '../ways-out.ts';
import { howSure, weightOf, type Weight } from './how-sure.ts';
import type { RuleInput } from './rule.ts';
import { knowsHolds, trackHolds } from './track-holds.ts';

type Loop = Extract<Step, { readonly verb: 'each' | 'repeat' }>;

/** A step that acquires more in each round, until in this one it waits for itself. */
interface Leak {
  readonly owner: string;
  readonly loop: Loop;
  readonly step: Step;
  readonly name: string;
  readonly limit: Limit;
  readonly rounds: number;
  readonly weight: Weight;
}

/** A plain lock, or a semaphore that does not grow. */
interface Limit {
  readonly isLock: boolean;
  readonly permits: number;
}

/**
 * MP307: each round of a loop acquires, and none releases, until a round waits for what the ones before have kept. In an
 * `each` that needs more items than one. What a program may release by `uses`, and semaphores that another step
 * releases, are left out.
 */
export function leakInLoop(input: RuleInput): readonly Diagnostic[] {
  const limits = limitsOf(input);
  if (limits.size === 0) return [];
  return input.bodies.flatMap((body) => {
    const found: Diagnostic[] = [];
    if (!knowsHolds(input, body)) return found;
    const sure = howSure(body.steps);
    trackHolds(body.steps, body.work.holds, (loop, held) => {
      const how = sure.get(loop);
      if ((loop.verb !== 'each' && loop.verb !== 'repeat') || how === undefined || how.isSpared) return;
      for (const { step, demand } of kept(loop.steps)) {
        const limit = limits.get(demand.name);
        // What is held before already is another check's.
        if (limit === undefined || (held.least.get(demand.name) ?? 0) > 0 || body.work.declaredHolds.includes(demand.name)) continue;
        const rounds = Math.floor(limit.permits / demand.permits) + 1;
        const isCertain = how.isReached && goesRoundForCertain(loop);
        const weight = isCertain ? weightOf(input, body.work, how) : ({ severity: 'warning', certainty: 'possible' } as const);
        // Whether so many rounds come of a semaphore is for the search, which knows who else takes of it.
        if (rounds > 1 && (isCertain || limit.isLock) && (loop.verb === 'each' || rounds <= roundsOf(loop.rounds))) found.push(report(input, { owner: body.owner, loop, step, name: demand.name, limit, rounds, weight }));
      }
    });
    return found;
  });
}

function report(input: RuleInput, { owner, loop, step, name, limit: { isLock }, rounds, weight }: Leak): Diagnostic {
  const what = isLock ? `keeps \`${name}\`` : `keeps more of \`${name}\``;
  const end = isLock ? 'fails, since it would wait for itself' : 'waits for itself';
  return makeDiagnostic('MP307', `each round of \`${owner}\` ${what}, so that round ${rounds} ${end}`, {
    range: input.locate([...step.place, step.verb], 'value'),
    related: [{ message: 'the loop begins here', range: input.locate([...loop.place, loop.verb], 'value') }],
    hint: `put \`release: ${name}\` at the end of the round, or write \`with: ${name}\` around the steps that need it`,
    ...weight,
  });
}

/** Whether all its rounds come, where nothing fails. */
function goesRoundForCertain(loop: Loop): boolean {
  return loop.verb === 'repeat' && !endsWithStream(loop.steps) && ![...walkSteps(loop.steps)].some(({ verb }) => verb === 'exit' || verb === 'shutdown');
}

function limitsOf(input: RuleInput): ReadonlyMap<string, Limit> {
  const released = new Set(input.bodies.flatMap(({ steps }) => [...walkSteps(steps)].flatMap((step) => (step.verb === 'release' ? step.demands.map(({ name }) => name) : []))));
  const declared = new Set(input.plan.instances.flatMap(({ declaredHolds }) => declaredHolds));
  return new Map(
    input.plan.primitives.flatMap((primitive): readonly (readonly [string, Limit])[] => {
      if (primitive.kind === 'lock') return primitive.reentrant ? [] : [[primitive.name, { isLock: true, permits: 1 }]];
      if (primitive.kind !== 'semaphore' || input.gaps.mayHide('release') || released.has(primitive.name) || declared.has(primitive.name)) return [];
      return [[primitive.name, { isLock: false, permits: primitive.permits }]];
    }),
  );
}

/** What one round acquires for certain and never releases, each name once. */
function kept(steps: readonly Step[]): readonly { readonly step: Step; readonly demand: Demand }[] {
  const released = new Set([...walkSteps(steps)].flatMap((step) => (step.verb === 'release' ? step.demands.map(({ name }) => name) : [])));
  const first = new Map<string, { readonly step: Step; readonly demand: Demand }>();
  for (const step of steps) {
    if (step.verb === 'exit') break;
    if (step.verb !== 'acquire' || !failsWhenImpossible(step)) continue;
    for (const demand of step.demands) if (!released.has(demand.name) && !first.has(demand.name)) first.set(demand.name, { step, demand });
  }
  return [...first.values()];
}
