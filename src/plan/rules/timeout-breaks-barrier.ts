import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Place } from '../../base/place.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** Waits at one barrier. */
interface Waits {
  /** One that goes on when its time has run out. */
  leaving: { readonly owner: string; readonly place: Place } | null;
  /** One of another process that fails where the barrier is broken. */
  readonly staying: { readonly owner: string; readonly place: Place }[];
}

/**
 * MP409: a party goes on when its time at a barrier has run out, and thereby breaks the barrier for the others, who fail.
 * Nothing is said where the timeout fails the party as well, or where a step resets the barrier.
 */
export function timeoutBreaksBarrier(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const waits = waitsByBarrier(input);
  return input.plan.primitives.flatMap((barrier) => {
    const { leaving, staying } = waits.get(barrier.name) ?? { leaving: null, staying: [] };
    const other = leaving === null ? undefined : staying.find(({ owner }) => owner !== leaving.owner);
    if (barrier.kind !== 'barrier' || leaving === null || other === undefined) return [];
    return [
      makeDiagnostic('MP409', `\`${leaving.owner}\` goes on when its time at \`${barrier.name}\` has run out, which breaks the barrier: \`${other.owner}\` then fails`, {
        range: input.locate(leaving.place, 'value'),
        related: [{ message: `\`${other.owner}\` waits here`, range: input.locate(other.place, 'value') }],
        hint: `let the others go on too: \`on_timeout: continue\` with a timeout, or \`allow_failure: true\`; who only looks whether the others are there wants an event`,
      }),
    ];
  });
}

function waitsByBarrier(input: RuleInput): ReadonlyMap<string, Waits> {
  const waits = new Map<string, Waits>();
  const reset = new Set<string>();
  for (const { owner, steps } of input.bodies) {
    for (const step of walkSteps(steps)) {
      if (step.verb === 'reset') reset.add(step.barrier);
      if (step.verb !== 'wait' || step.kind !== 'barrier') continue;
      const at = waits.get(step.name) ?? { leaving: null, staying: [] };
      waits.set(step.name, at);
      const place = [...step.place, 'wait'];
      if (failsWhenImpossible(step)) at.staying.push({ owner, place });
      else if (step.timeoutMs !== null && step.onTimeout.type !== 'fail') at.leaving ??= { owner, place };
    }
  }
  for (const work of input.works) {
    for (const { kind, name, place } of work.waitFor) {
      if (kind === 'barrier') waits.get(name)?.staying.push({ owner: 'process' in work ? work.process : work.name, place });
    }
  }
  for (const barrier of reset) waits.delete(barrier);
  return waits;
}
