import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { dependencyGraph } from '../dependency-graph.ts';
import { endsBefore } from './ends-before.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP509: one end of a kernel pipe starts only after the other has ended. A sender then waits as soon as the pipe is full,
 * and a receiver for an end that does not come. Of queues the search for deadlocks knows this.
 */
export function pipeEndTooLate(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || input.plan.stdioPipes.length === 0) return [];
  const graph = dependencyGraph(input.plan);
  return input.plan.stdioPipes.flatMap((pipe) =>
    [
      { late: pipe.to, early: pipe.from, isReceiver: true },
      { late: pipe.from, early: pipe.to, isReceiver: false },
    ].flatMap(({ late, early, isReceiver }) => {
      const instance = input.instances.get(late);
      if (instance === undefined || !endsBefore(graph, late).has(early)) return [];
      return [
        makeDiagnostic(
          'MP509',
          isReceiver
            ? `\`${late}\` reads what \`${early}\` writes into the pipe \`${pipe.name}\`, but starts only when \`${early}\` has ended: \`${early}\` cannot end if it writes more than a pipe holds`
            : `\`${late}\` writes into the pipe \`${pipe.name}\`, but starts only when \`${early}\` has ended: \`${early}\` cannot end if it reads its input to the end`,
          {
            range: input.locate([...instance.place, 'depends_on'], 'value'),
            related: [{ message: `\`${pipe.name}\` joins them`, range: input.locate(pipe.place, 'key') }],
            hint: `leave the wait out: both run at once; or let \`${isReceiver ? early : late}\` write a file that \`${isReceiver ? late : early}\` reads`,
          },
        ),
      ];
    }),
  );
}
