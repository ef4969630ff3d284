import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** What an end made of steps does with a pipe; an end with a command may do everything. */
interface EndUse {
  readonly sends: boolean;
  readonly receives: boolean;
  /** A program runs there, which may use the end through the worker API. */
  readonly open: boolean;
}

const everything: EndUse = { sends: true, receives: true, open: true };

/**
 * MP505: a pipe of messages where one end waits for what the other end never does. Said only of ends
 * made of steps that run no program, since a program may use its end through the worker API.
 */
export function pipeEndUnused(input: RuleInput): readonly Diagnostic[] {
  return input.plan.primitives.flatMap((primitive) => {
    if (primitive.kind !== 'pipe') return [];
    const uses = primitive.ends.map((end) => useOf(input, end, primitive.name));
    const directions: readonly (readonly [number, number])[] = primitive.duplex
      ? [
          [0, 1],
          [1, 0],
        ]
      : [[0, 1]];
    return directions.flatMap(([from, to]) => {
      const sender = uses[from] ?? everything;
      const receiver = uses[to] ?? everything;
      const [left, right] = [primitive.ends[from], primitive.ends[to]];
      if (sender.sends && !sender.open && !receiver.receives) {
        return [
          makeDiagnostic(
            'MP505',
            `\`${left}\` sends into the pipe \`${primitive.name}\`, but \`${right}\` never receives from it`,
            {
              range: input.locate(primitive.place, 'key'),
              hint: `add a step \`each: ${primitive.name}\` to \`${right}\``,
            },
          ),
        ];
      }
      if (receiver.receives && !receiver.open && !sender.sends) {
        return [
          makeDiagnostic(
            'MP505',
            `\`${right}\` receives from the pipe \`${primitive.name}\`, but \`${left}\` never sends into it`,
            {
              range: input.locate(primitive.place, 'key'),
              hint: `add a step \`send: ${primitive.name}\` to \`${left}\``,
            },
          ),
        ];
      }
      return [];
    });
  });
}

function useOf(input: RuleInput, end: string, pipe: string): EndUse {
  const instance = input.instances.get(end);
  if (instance?.body.type !== 'steps' || input.gaps.lacksSteps([...instance.place, 'steps'])) return everything;
  const steps = [...walkSteps(instance.body.steps)];
  if (steps.some((step) => step.verb === 'run')) return everything;
  return {
    sends: steps.some((step) => step.verb === 'send' && step.pipe === pipe),
    receives: steps.some(
      (step) =>
        (step.verb === 'recv' && step.pipe === pipe) ||
        (step.verb === 'each' && step.source.name === pipe),
    ),
    open: false,
  };
}
