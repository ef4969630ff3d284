import type { ProcessSpec } from '../../spec/schema/process.ts';
import type { InstancePlan, StdioPipePlan } from '../plan.ts';
import type { BuildContext } from './build-context.ts';

/** The pipes that the kernel carries, by the instance and side that they join. */
export interface StdioJoins {
  readonly stdin: ReadonlyMap<string, StdioPipePlan>;
  readonly stdout: ReadonlyMap<string, StdioPipePlan>;
}

/** Sorts the pipes by side; two pipes on one side are reported. */
export function stdioJoins(context: BuildContext, pipes: readonly StdioPipePlan[]): StdioJoins {
  const stdin = new Map<string, StdioPipePlan>();
  const stdout = new Map<string, StdioPipePlan>();
  const join = (
    side: Map<string, StdioPipePlan>,
    key: 'stdin' | 'stdout',
    instance: string,
    pipe: StdioPipePlan,
  ): void => {
    const other = side.get(instance);
    if (other === undefined) {
      side.set(instance, pipe);
      return;
    }
    context.report(
      'MP515',
      { place: pipe.place, part: 'key' },
      `the ${key} of \`${instance}\` is joined by two pipes, \`${other.name}\` and \`${pipe.name}\``,
      {
        related: [{ message: 'the other one', range: context.loaded.locate(other.place, 'key') }],
        hint: 'use a queue to share a stream',
      },
    );
  };
  for (const pipe of pipes) {
    join(stdout, 'stdout', pipe.from, pipe);
    join(stdin, 'stdin', pipe.to, pipe);
    if (!pipe.duplex) continue;
    join(stdout, 'stdout', pipe.to, pipe);
    join(stdin, 'stdin', pipe.from, pipe);
  }
  return { stdin, stdout };
}

/** The instance with its joined sides; a key on such a side is reported. */
export function joinStdio(
  context: BuildContext,
  instance: InstancePlan,
  spec: ProcessSpec,
  joins: StdioJoins,
): InstancePlan {
  const stdin = joins.stdin.get(instance.name);
  const stdout = joins.stdout.get(instance.name);
  if (stdin !== undefined && spec.stdin !== undefined) reportKey(context, instance, stdin, 'stdin');
  if (stdout !== undefined && spec.stdout !== undefined)
    reportKey(context, instance, stdout, 'stdout');
  if (stdin === undefined && stdout === undefined) return instance;
  return {
    ...instance,
    ...(stdin === undefined ? {} : { stdin: { type: 'pipe', pipe: stdin.name } as const }),
    ...(stdout === undefined ? {} : { stdout: { type: 'pipe', pipe: stdout.name } as const }),
  };
}

function reportKey(
  context: BuildContext,
  instance: InstancePlan,
  pipe: StdioPipePlan,
  key: 'stdin' | 'stdout',
): void {
  context.report(
    'MP515',
    { place: [...instance.place, key], part: 'key' },
    `the ${key} of \`${instance.name}\` is the pipe \`${pipe.name}\`, so it takes no \`${key}\` key`,
    {
      related: [
        { message: `\`${pipe.name}\` joins it`, range: context.loaded.locate(pipe.place, 'key') },
      ],
      hint: `remove \`${key}\`, or the pipe`,
    },
  );
}
