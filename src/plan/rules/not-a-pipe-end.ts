import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

type Pipe = Extract<Plan['primitives'][number], { kind: 'pipe' }>;
type PipeAction = 'send' | 'receive' | 'close';

/** MP516: a step that sends or receives where its process has no end, or the end for the other direction. */
export function notAPipeEnd(input: RuleInput): readonly Diagnostic[] {
  const pipes = new Map<string, Pipe>();
  for (const primitive of input.plan.primitives)
    if (primitive.kind === 'pipe') pipes.set(primitive.name, primitive);
  if (pipes.size === 0) return [];
  return input.bodies.flatMap((body) =>
    [...walkSteps(body.steps)].flatMap((step) => {
      const use = pipeUse(step);
      const pipe = use === null ? undefined : pipes.get(use.pipe);
      if (use === null || pipe === undefined) return [];
      const [first, second] = pipe.ends;
      const allowed = endsFor(pipe, use.action);
      const stranger = body.runners.find((name) => !allowed.some((end) => end === name));
      if (stranger === undefined) return [];
      const wrongWay = pipe.ends.some((end) => end === stranger);
      return [
        makeDiagnostic(
          'MP516',
          wrongWay
            ? `\`${stranger}\` cannot ${use.action} on the pipe \`${pipe.name}\`: it goes from \`${first}\` to \`${second}\``
            : `\`${stranger}\` is no end of the pipe \`${pipe.name}\`, which joins \`${first}\` and \`${second}\``,
          {
            range: input.locate([...step.place, step.verb], 'value'),
            related: [
              {
                message: `\`${pipe.name}\` is defined here`,
                range: input.locate(pipe.place, 'key'),
              },
            ],
            hint: wrongWay
              ? `write \`${pipe.name}: { between: [${first}, ${second}] }\` for both directions`
              : `make \`${stranger}\` an end of a pipe of its own`,
          },
        ),
      ];
    }),
  );
}

/** The instances that may do this with the pipe. */
function endsFor(pipe: Pipe, action: PipeAction): readonly string[] {
  if (pipe.duplex || action === 'close') return pipe.ends;
  const [first, second] = pipe.ends;
  return [action === 'send' ? first : second];
}

function pipeUse(step: Step): { readonly pipe: string; readonly action: PipeAction } | null {
  if (step.verb === 'send') return { pipe: step.pipe, action: 'send' };
  if (step.verb === 'recv') return { pipe: step.pipe, action: 'receive' };
  if (step.verb === 'each' && step.source.kind === 'pipe')
    return { pipe: step.source.name, action: 'receive' };
  if (step.verb === 'close' && step.kind === 'pipe') return { pipe: step.name, action: 'close' };
  return null;
}
