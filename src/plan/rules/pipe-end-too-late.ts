import { nameAll } from '../../base/name-all.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { dependencyGraph } from '../dependency-graph.ts';
import type { InstancePlan, Plan, StdioPipePlan } from '../plan.ts';
import { endsBefore } from './ends-before.ts';
import { pipedBeyondSlots, type ShortOfSlots } from './piped-beyond-slots.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP509: one end of a kernel pipe starts only after the other has ended, or both never run at once, be it for want of a slot of `max_parallel`. A sender then waits as
 * soon as the pipe is full, and a receiver for an end that does not come. Of queues the search for deadlocks knows this.
 */
export function pipeEndTooLate(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || input.plan.stdioPipes.length === 0) return [];
  const graph = dependencyGraph(input.plan);
  const late = input.plan.stdioPipes.flatMap((pipe) => {
    const tooLate = [
      { late: pipe.to, early: pipe.from, isReceiver: true },
      { late: pipe.from, early: pipe.to, isReceiver: false },
    ].flatMap(({ late: name, early, isReceiver }) => {
      const instance = input.instances.get(name);
      if (instance === undefined || !endsBefore(graph, name).has(early)) return [];
      return [
        makeDiagnostic(
          'MP509',
          isReceiver
            ? `\`${name}\` reads what \`${early}\` writes into the pipe \`${pipe.name}\`, but starts only when \`${early}\` has ended: \`${early}\` cannot end if it writes more than a pipe holds`
            : `\`${name}\` writes into the pipe \`${pipe.name}\`, but starts only when \`${early}\` has ended: \`${early}\` cannot end if it reads its input to the end`,
          {
            range: input.locate([...instance.place, 'depends_on'], 'value'),
            related: [{ message: `\`${pipe.name}\` joins them`, range: input.locate(pipe.place, 'key') }],
            hint: `leave the wait out: both run at once; or let \`${isReceiver ? early : name}\` write a file that \`${isReceiver ? name : early}\` reads`,
          },
        ),
      ];
    });
    return tooLate.length > 0 ? tooLate : neverAtOnce(input, pipe);
  });
  return late.length > 0 ? late : pipedBeyondSlots(input.plan, input.instances).map((chain) => neverAllAtOnce(input, chain));
}

/** Both want what only one of them can have. */
function neverAtOnce({ plan, instances, locate }: RuleInput, { name, from, to, place }: StdioPipePlan): readonly Diagnostic[] {
  const [sender, receiver] = [instances.get(from), instances.get(to)];
  if (sender === undefined || receiver === undefined) return [];
  const contended = contendedBy(plan, sender, receiver);
  if (contended === null) return [];
  return [
    makeDiagnostic(
      'MP509',
      `\`${from}\` and \`${to}\` are joined by the pipe \`${name}\`, but never run at once, since ${contended.why}: \`${from}\` cannot end if it writes more than a pipe holds, nor \`${to}\` if it reads its input to the end`,
      {
        range: locate([...receiver.place, 'with'], 'value'),
        related: [
          { message: `\`${from}\` wants it as well`, range: locate([...sender.place, 'with'], 'value') },
          { message: `\`${name}\` joins them`, range: locate(place, 'key') },
        ],
        hint: `let only one of them have \`${contended.name}\`; or let \`${from}\` write a file that \`${to}\` reads`,
      },
    ),
  ];
}

function neverAllAtOnce({ locate }: RuleInput, { first, others, names, slots }: ShortOfSlots): Diagnostic {
  const whole = names.length === 2 ? 'never run at once' : 'never all run at once';
  const pipe = others.length === 0 ? `the pipe \`${first.name}\`` : 'pipes';
  return makeDiagnostic(
    'MP509',
    `${nameAll(names)} are joined by ${pipe}, but ${whole}, since \`max_parallel\` has only ${String(slots)} of the ${String(names.length)} slots: who writes more than a pipe holds cannot end before the next one runs, nor who reads its input to the end before the one before it`,
    {
      range: locate(first.place, 'key'),
      related: others.map(({ name, place }) => ({ message: `\`${name}\` joins others to them`, range: locate(place, 'key') })),
      hint: `let \`max_parallel\` be at least ${String(names.length)}; or let one of them write a file that the next one reads`,
    },
  );
}

/** A lock of both, or a semaphore that has too little for both; null where there is none. */
function contendedBy({ primitives }: Plan, { holds }: InstancePlan, other: InstancePlan): { readonly name: string; readonly why: string } | null {
  for (const { name, permits } of holds) {
    const more = other.holds.find((demand) => demand.name === name);
    const primitive = primitives.find((one) => one.name === name);
    if (more === undefined) continue;
    if (primitive?.kind === 'lock') return { name, why: `each has \`${name}\` for itself` };
    if (primitive?.kind === 'semaphore' && primitive.permits < permits + more.permits) return { name, why: `\`${name}\` has not permits enough for both` };
  }
  return null;
}
