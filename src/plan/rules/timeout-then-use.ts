import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { innerSteps, walkSteps } from '../walk-steps.ts';
import type { RuleInput, SharedBody } from './rule.ts';

/**
 * MP706: a lock is acquired with a timeout after which the steps go on, and a later step of the same list releases it,
 * which fails where it was not got in time.
 */
export function timeoutThenUse(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const locks = new Set(input.plan.primitives.flatMap(({ kind, name }) => (kind === 'lock' ? [name] : [])));
  return input.bodies.flatMap((body) => {
    if (![...walkSteps(body.steps)].some(({ verb, timeoutMs }) => verb === 'acquire' && timeoutMs !== null)) return [];
    const onlyTaken = takenOnce(body);
    return lists(body.steps).flatMap((steps) =>
      steps.flatMap((acquire, index) => {
        if (acquire.verb !== 'acquire' || acquire.timeoutMs === null || acquire.onTimeout.type === 'fail') return [];
        return acquire.demands.flatMap(({ name }) => {
          if (!locks.has(name) || !onlyTaken.has(name) || body.work.declaredHolds.includes(name) || mendsItself(acquire)) return [];
          const next = steps.slice(index + 1).find((step) => touches(step, name));
          if (next?.verb !== 'release' || next.allowFailure) return [];
          return [
            makeDiagnostic('MP706', `\`${body.owner}\` releases \`${name}\` here, which it does not hold where the time ran out before: the step fails`, {
              range: input.locate([...next.place, 'release'], 'value'),
              related: [{ message: 'it goes on here without the lock', range: input.locate([...acquire.place, acquire.timeoutMs === 0 ? 'acquire' : 'timeout'], 'value') }],
              hint: `write \`with: ${name}\` with the same timeout, and the steps that need it under \`do\`: they are left out where it is not got in time`,
            }),
          ];
        });
      }),
    );
  });
}

/** What one step alone acquires, so that nothing else can have acquired it there. */
function takenOnce({ steps, work }: SharedBody): ReadonlySet<string> {
  const count = new Map(work.holds.map(({ name }) => [name, 1]));
  for (const step of walkSteps(steps)) {
    if (step.verb !== 'acquire' && step.verb !== 'with') continue;
    for (const { name } of step.demands) count.set(name, (count.get(name) ?? 0) + 1);
  }
  return new Set([...count].flatMap(([name, times]) => (times === 1 ? [name] : [])));
}

/** Whether the steps that run instead leave the process. */
function mendsItself({ onTimeout }: Step): boolean {
  return onTimeout.type === 'steps' && [...walkSteps(onTimeout.steps)].some(({ verb }) => verb === 'exit');
}

/** Whether a step, or one in it, acquires or releases a lock. */
function touches(step: Step, name: string): boolean {
  return [...walkSteps([step])].some((each) => (each.verb === 'acquire' || each.verb === 'release') && each.demands.some((demand) => demand.name === name));
}

/** The list itself and every list in it. */
function lists(steps: readonly Step[]): readonly (readonly Step[])[] {
  return [steps, ...steps.flatMap((step) => innerSteps(step).flatMap(lists))];
}
