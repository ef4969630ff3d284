import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** MP713: a step starts what is of `finally`, and has ended before anything of `finally` may run. */
export function startsFinally(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  return input.bodies.flatMap((body) => {
    if (body.runners.some((runner) => mayRunLate(input, runner, new Set()))) return [];
    return [...walkSteps(body.steps)].flatMap((step) => {
      if (step.verb !== 'start' || !step.instances.some((name) => input.instances.get(name)?.kind === 'finally')) return [];
      return [
        makeDiagnostic('MP713', `\`${body.owner}\` starts \`${step.name}\`, which is of \`finally\` and cannot be started before all else has ended`, {
          range: input.locate([...step.place, 'start'], 'value'),
          hint: `leave the step out, and \`autostart: false\` too: then \`${step.name}\` runs by itself; or move it to \`processes\``,
          ...(failsWhenImpossible(step) ? {} : { severity: 'warning' as const }),
        }),
      ];
    });
  });
}

/** Whether it may still run when `finally` does: a daemon, what is of `finally` itself, and what those start. */
function mayRunLate(input: RuleInput, name: string, seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const kind = input.instances.get(name)?.kind ?? 'pool';
  if (kind === 'daemon' || kind === 'finally') return true;
  return (input.actors.get(name) ?? []).some(({ action, who }) => action === 'start' && mayRunLate(input, who, seen));
}
