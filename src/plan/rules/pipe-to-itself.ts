import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { RuleInput } from './rule.ts';

/** MP519: both ends of a pipe are the same instance. */
export function pipeToItself({ plan, locate }: RuleInput): readonly Diagnostic[] {
  const messages = plan.primitives.flatMap((pipe) => (pipe.kind === 'pipe' ? [{ name: pipe.name, place: pipe.place, ends: pipe.ends }] : []));
  const streams = plan.stdioPipes.map(({ name, place, from, to }) => ({ name, place, ends: [from, to] as const }));
  return [...messages, ...streams].flatMap(({ name, place, ends: [first, second] }) =>
    first === second
      ? [
          makeDiagnostic('MP519', `both ends of the pipe \`${name}\` are \`${first}\``, {
            range: locate(place, 'key'),
            hint: 'name two processes, or use a queue for what a process leaves to itself',
          }),
        ]
      : [],
  );
}
