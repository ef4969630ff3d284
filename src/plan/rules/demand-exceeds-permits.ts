import type { Place } from '../../base/place.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Demand } from '../../sync/operation.ts';
import { howSure, weightOf, weightOfStart, type Weight } from './how-sure.ts';
import { releasedByOthers } from './released-by-others.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP302: a demand that is larger than a bounded semaphore can never be met. An unbounded one may
 * grow by releases, so nothing is said of it.
 */
export function demandExceedsPermits(input: RuleInput): readonly Diagnostic[] {
  const limits = new Map<string, { readonly permits: number; readonly place: Place }>();
  for (const primitive of input.plan.primitives) {
    if (primitive.kind === 'semaphore' && primitive.bounded) limits.set(primitive.name, primitive);
  }
  const releasers = releasedByOthers(input);
  const write = (name: string): string => `\`${name}: { permits: ${limits.get(name)?.permits ?? 0}, bounded: false }\``;
  /** What to write where a release is a signal. All such semaphores are named: of a bounded one a permit that its holder has at its end is there again, and the next release one too many. */
  const signalled = (name: string): string | null => {
    const releaser = releasers.get(name);
    if (releaser === undefined) return null;
    const others = [...limits.keys()].filter((other) => other !== name && releasers.has(other)).map(write);
    return `write ${write(name)}, so that the \`release\` of \`${releaser}\`, which has not taken it, adds permits${others.length === 0 ? '' : `; and for the same reason ${others.join(', ')}`}`;
  };
  const check = (who: string, demands: readonly Demand[], place: Place, weight: Weight): readonly Diagnostic[] =>
    demands.flatMap((demand) => {
      const limit = limits.get(demand.name);
      if (limit === undefined || demand.permits <= limit.permits) return [];
      return [
        makeDiagnostic(
          'MP302',
          `\`${who}\` asks for ${demand.permits} of \`${demand.name}\`, which has ${limit.permits}: it can never get them`,
          {
            range: input.locate(place, 'value'),
            related: [
              {
                message: `\`${demand.name}\` is defined here`,
                range: input.locate(limit.place, 'key'),
              },
            ],
            hint: signalled(demand.name) ?? `give \`${demand.name}\` \`permits: ${demand.permits}\`, or ${limit.permits > 0 ? `ask for at most ${limit.permits}` : '`bounded: false` where a `release` is to add permits'}`,
            ...weight,
          },
        ),
      ];
    });
  const holds = input.works.flatMap((work) =>
    check('process' in work ? work.process : work.name, work.holds, [...work.place, 'with'], weightOfStart(input, work, work.dependsOn.length + work.waitFor.length)),
  );
  const steps = input.bodies.flatMap((body) =>
    [...howSure(body.steps)].flatMap(([step, how]) => {
      if (step.verb !== 'acquire' && step.verb !== 'with') return [];
      // It is never had, and who asks for it goes on.
      const isPassed = how.isSpared || (step.timeoutMs !== null && step.onTimeout.type !== 'fail');
      return check(body.owner, step.demands, [...step.place, step.verb], { ...weightOf(input, body.work, how), ...(isPassed ? { severity: 'warning' } : {}) });
    }),
  );
  return [...holds, ...steps];
}
