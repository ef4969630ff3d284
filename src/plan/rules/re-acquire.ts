import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import { howSure, weightOf, type Weight } from './how-sure.ts';
import type { RuleInput } from './rule.ts';
import { knowsHolds, trackHolds } from './track-holds.ts';

/**
 * MP303: an instance that takes again what it holds on every way to that step waits for itself: a lock
 * that is not reentrant, or more permits of a bounded semaphore than there are. What its program may
 * release, by `uses`, and semaphores that another process releases are left out. A program that declares
 * a lock which it has from its start to its end may only ever wait for itself, should it take it.
 */
export function reAcquire(input: RuleInput): readonly Diagnostic[] {
  const capacity = new Map<string, number>();
  const locks = new Set<string>();
  for (const primitive of input.plan.primitives) {
    if (primitive.kind === 'lock' && !primitive.reentrant) capacity.set(primitive.name, 1);
    if (primitive.kind === 'lock') locks.add(primitive.name);
    if (primitive.kind === 'semaphore' && primitive.bounded)
      capacity.set(primitive.name, primitive.permits);
  }
  const releasers = releasedBy(input);
  const mayBeReleased = input.gaps.mayHide('release');
  const ofPrograms = input.works.flatMap((work) => takenByPrograms(input, work, locks, capacity));
  return [...ofPrograms, ...input.bodies.flatMap((body) => {
    const found: Diagnostic[] = [];
    if (!knowsHolds(input, body)) return found;
    const sure = howSure(body.steps);
    trackHolds(body.steps, body.work.holds, (step, held) => {
      if (step.verb !== 'acquire' && step.verb !== 'with') return;
      if (step.timeoutMs !== null && step.onTimeout.type !== 'fail') return;
      const how = sure.get(step);
      // It fails, which is let pass, or is never reached.
      if (how === undefined || how.isSpared) return;
      for (const { name, permits } of step.demands) {
        const total = capacity.get(name);
        const already = held.least.get(name) ?? 0;
        if (total === undefined || already === 0 || permits > total || already + permits <= total)
          continue;
        if (body.work.declaredHolds.includes(name)) continue;
        const isLock = locks.has(name);
        const releasedByOthers =
          mayBeReleased || [...(releasers.get(name) ?? [])].some((owner) => owner !== body.owner);
        if (!isLock && releasedByOthers) continue;
        const range = input.locate([...step.place, step.verb], 'value');
        found.push(report({ owner: body.owner, name, isLock, already, total, permits, range, weight: weightOf(input, body.work, how) }));
      }
    });
    return found;
  })];
}

/** An acquire of more than is left beside what its own process has. */
interface Finding {
  readonly owner: string;
  readonly name: string;
  readonly isLock: boolean;
  readonly already: number;
  readonly total: number;
  readonly permits: number;
  readonly range: SourceRange;
  readonly weight: Weight;
}

function report({ owner, name, isLock, already, total, permits, range, weight }: Finding): Diagnostic {
  return makeDiagnostic(
    'MP303',
    isLock
      ? `\`${owner}\` already holds \`${name}\` when it acquires it again: it waits for itself`
      : `\`${owner}\` already holds ${already} of the ${total} permits of \`${name}\` when it acquires ${permits} more: it waits for itself`,
    {
      range,
      hint: isLock
        ? `remove this step, or write \`${name}: { reentrant: true }\``
        : `acquire all of them in one step, or give \`${name}\` \`permits: ${already + permits}\``,
      ...weight,
    },
  );
}

/** Locks that a command holds from start to exit, and declares that it takes. */
function takenByPrograms(input: RuleInput, work: InstancePlan | PoolPlan, locks: ReadonlySet<string>, capacity: ReadonlyMap<string, number>): readonly Diagnostic[] {
  if (work.body.type !== 'command') return [];
  return work.holds.flatMap(({ name }) => {
    if (!locks.has(name) || !capacity.has(name) || !work.declaredHolds.includes(name)) return [];
    return [
      makeDiagnostic('MP303', `\`${'process' in work ? work.process : work.name}\` holds \`${name}\` from start to exit: its program would wait for itself if it took it, as \`uses\` declares`, {
        range: input.locate([...work.place, 'uses', name], 'key'),
        hint: `leave \`${name}\` out of \`with\`, where the program takes it, or out of \`uses\`; or write \`${name}: { reentrant: true }\``,
        severity: 'warning',
        certainty: 'possible',
      }),
    ];
  });
}

function releasedBy(input: RuleInput): ReadonlyMap<string, ReadonlySet<string>> {
  const owners = new Map<string, Set<string>>();
  for (const body of input.bodies) {
    for (const step of walkSteps(body.steps)) {
      if (step.verb !== 'release') continue;
      for (const { name } of step.demands) {
        const set = owners.get(name) ?? new Set();
        owners.set(name, set.add(body.owner));
      }
    }
  }
  return owners;
}
