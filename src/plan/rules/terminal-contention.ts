import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { dependencyGraph } from '../dependency-graph.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import { endsBefore } from './ends-before.ts';
import type { RuleInput } from './rule.ts';

/** MP513: several processes that may run at the same time read the standard input of mpctl. */
export function terminalContention(input: RuleInput): readonly Diagnostic[] {
  // Of a pool that takes its tasks there another check speaks.
  if (!input.gaps.isEmpty || input.plan.pools.some(({ tasks }) => tasks.type === 'stdin')) return [];
  const readers = input.plan.instances.filter(({ stdin, autostart }) => stdin.type === 'inherit' && autostart);
  // A long-lived worker has its tasks there.
  const pools = input.plan.pools.filter(({ stdin, workers, body }) => stdin.type === 'inherit' && workers > 1 && body.type !== 'worker');
  if (readers.length < 2 && pools.length === 0) return [];
  return [...pools.map((pool) => report(input, pool, null)), ...contending(input, readers).slice(0, 1)];
}

function contending(input: RuleInput, readers: readonly InstancePlan[]): readonly Diagnostic[] {
  const graph = dependencyGraph(input.plan);
  const before = new Map(readers.map(({ name }) => [name, endsBefore(graph, name)]));
  return readers.flatMap((reader, index) => {
    const other = readers.slice(index + 1).find((one) => isTogether(reader, one) && before.get(reader.name)?.has(one.name) === false && before.get(one.name)?.has(reader.name) === false);
    return other === undefined ? [] : [report(input, reader, other)];
  });
}

/** `finally` comes after all processes have ended. */
function isTogether(left: InstancePlan, right: InstancePlan): boolean {
  const kinds = new Set([left.kind, right.kind]);
  return !(kinds.has('process') && kinds.has('finally'));
}

function report(input: RuleInput, reader: InstancePlan | PoolPlan, other: InstancePlan | null): Diagnostic {
  const owner = ownerOf(reader);
  const readers = other === null || ownerOf(other) === owner ? `${'workers' in reader ? 'tasks' : 'instances'} of \`${owner}\`` : `\`${owner}\` and \`${ownerOf(other)}\``;
  const isOther = other !== null && ownerOf(other) !== owner;
  return makeDiagnostic('MP513', `${readers} may read the standard input of mpctl at the same time: nobody can say who gets which line`, {
    range: input.locate([...reader.place, 'stdin'], 'value'),
    related: isOther ? [{ message: `\`${ownerOf(other)}\` reads it too`, range: input.locate([...other.place, 'stdin'], 'value') }] : [],
    hint: 'give it to one of them, or let one wait for the end of the other by `depends_on`',
  });
}

function ownerOf(work: InstancePlan | PoolPlan): string {
  return 'process' in work ? work.process : work.name;
}
