import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** MP515: an end of a kernel pipe without a command, or a step that treats such a pipe as one of messages. */
export function stdioPipeMisuse(input: RuleInput): readonly Diagnostic[] {
  const pipes = new Map(input.plan.stdioPipes.map((pipe) => [pipe.name, pipe]));
  const ends = input.plan.stdioPipes.flatMap((pipe) =>
    [pipe.from, pipe.to].flatMap((end) => {
      const instance = input.instances.get(end);
      if (instance?.body.type !== 'steps' || input.gaps.mayLack(instance.place, 'command')) return [];
      return [
        makeDiagnostic(
          'MP515',
          `the pipe \`${pipe.name}\` joins \`${end}\` by its standard streams, but \`${end}\` is made of steps`,
          {
            range: input.locate(pipe.place, 'key'),
            related: [
              { message: `\`${end}\` is defined here`, range: input.locate(instance.place, 'key') },
            ],
            hint: 'remove `via: stdio` to send messages, or give it a `command`',
          },
        ),
      ];
    }),
  );
  if (pipes.size === 0) return ends;
  const steps = input.bodies.flatMap((body) =>
    [...walkSteps(body.steps)].flatMap((step) => {
      const name = pipeOf(step);
      const pipe = name === null ? undefined : pipes.get(name);
      if (pipe === undefined) return [];
      return [
        makeDiagnostic(
          'MP515',
          `the pipe \`${pipe.name}\` joins standard streams, so no step can ${step.verb} there`,
          {
            range: input.locate([...step.place, step.verb], 'value'),
            related: [
              {
                message: `\`${pipe.name}\` is defined here`,
                range: input.locate(pipe.place, 'key'),
              },
            ],
            hint: 'remove `via: stdio` to send messages',
          },
        ),
      ];
    }),
  );
  return [...ends, ...steps];
}

function pipeOf(step: Step): string | null {
  switch (step.verb) {
    case 'send':
    case 'recv':
      return step.pipe;
    case 'each':
      return step.source.kind === 'pipe' ? step.source.name : null;
    case 'close':
      return step.kind === 'pipe' ? step.name : null;
    default:
      return null;
  }
}
