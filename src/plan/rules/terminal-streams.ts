import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { InstancePlan, StdioPipePlan } from '../plan.ts';
import type { RuleInput } from './rule.ts';

type StreamKey = 'stdin' | 'stdout' | 'stderr';

/** Where a stream goes to or comes from that a terminal cannot serve. */
interface Misfit {
  readonly key: StreamKey;
  readonly target: 'null' | 'inherit' | 'file' | 'queue' | 'pipe';
  /** Name of the kernel pipe, null for every other target. */
  readonly pipe: string | null;
}

const targetWords: Readonly<Record<Misfit['target'], string>> = {
  null: '`null`',
  inherit: 'the output of mpctl',
  file: 'a file',
  queue: 'a queue',
  pipe: 'a pipe',
};

/**
 * MP517: a pseudo-terminal is the stdin, stdout and stderr of a program in one, so that none of them
 * can be a file or pipe of its own, and what comes out can only go to the log.
 */
export function terminalStreams(input: RuleInput): readonly Diagnostic[] {
  const pipes = new Map(input.plan.stdioPipes.map((pipe) => [pipe.name, pipe]));
  const reported = new Set<string>();
  return input.plan.instances
    .filter((instance) => instance.tty)
    .flatMap((instance) =>
      misfits(instance).flatMap((misfit) => {
        // The instances of one process share what is written.
        const written = `${instance.process} ${misfit.key}`;
        if (reported.has(written)) return [];
        reported.add(written);
        const pipe = misfit.pipe === null ? undefined : pipes.get(misfit.pipe);
        return [report(input, instance, misfit, pipe)];
      }),
    );
}

function misfits({ stdin, stdout, stderr }: InstancePlan): readonly Misfit[] {
  const found: Misfit[] = [];
  if (stdin.type === 'file') found.push({ key: 'stdin', target: 'file', pipe: null });
  if (stdin.type === 'pipe') found.push({ key: 'stdin', target: 'pipe', pipe: stdin.pipe });
  for (const [key, output] of [['stdout', stdout] as const, ['stderr', stderr] as const]) {
    if (output.type === 'log') continue;
    const pipe = output.type === 'pipe' ? output.pipe : null;
    found.push({ key, target: output.type, pipe });
  }
  return found;
}

function report(
  input: RuleInput,
  instance: InstancePlan,
  { key, target }: Misfit,
  pipe: StdioPipePlan | undefined,
): Diagnostic {
  const { process, place } = instance;
  const tty = [...place, 'tty'];
  const verb = key === 'stdin' ? 'come from' : 'go to';
  const where = pipe === undefined ? targetWords[target] : `the pipe \`${pipe.name}\``;
  const message = `\`${process}\` has \`tty: true\`, so its ${key} cannot ${verb} ${where}`;
  if (pipe !== undefined) {
    return makeDiagnostic('MP517', message, {
      range: input.locate(tty, 'key'),
      related: [
        { message: `\`${pipe.name}\` joins it`, range: input.locate(pipe.place, 'key') },
      ],
      hint: 'remove `tty: true`, or the pipe',
    });
  }
  return makeDiagnostic('MP517', message, {
    range: input.locate([...place, key], 'key'),
    related: [{ message: 'the terminal is asked for here', range: input.locate(tty, 'key') }],
    hint: `remove \`${key}\`, or \`tty: true\``,
  });
}
