import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source.ts';
import { failsWhenImpossible } from '../walk-steps.ts';
import { howSure, weightOf, weightOfStart, type Weight } from './how-sure.ts';
import { isNeverStarted } from './is-never-started.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP401: somebody waits for an event that nothing sets, so in every run the wait fails at once, or its
 * process is skipped. Waits that say what to do instead when the time runs out are left out.
 */
export function eventNeverSet(input: RuleInput): readonly Diagnostic[] {
  if (input.gaps.mayHide('set')) return [];
  const orphans = new Map<
    string,
    {
      readonly defined: SourceRange;
      readonly waits: { readonly who: string; readonly range: SourceRange; readonly weight: Weight }[];
    }
  >();
  for (const primitive of input.plan.primitives) {
    const isSet = primitive.kind === 'event' && (primitive.set || canBeSet(input, primitive.name));
    if (primitive.kind === 'event' && !isSet) {
      orphans.set(primitive.name, { defined: input.locate(primitive.place, 'key'), waits: [] });
    }
  }
  if (orphans.size === 0) return [];
  for (const work of input.works) {
    const who = 'process' in work ? work.process : work.name;
    for (const wait of work.waitFor) {
      orphans.get(wait.name)?.waits.push({ who, range: input.locate(wait.place, 'value'), weight: weightOfStart(input, work, work.dependsOn.length + work.waitFor.length - 1) });
    }
  }
  for (const body of input.bodies) {
    for (const [step, how] of howSure(body.steps)) {
      if (step.verb !== 'wait' || !failsWhenImpossible(step) || how.isSpared) continue;
      orphans
        .get(step.name)
        ?.waits.push({ who: body.owner, range: input.locate([...step.place, 'wait'], 'value'), weight: weightOf(input, body.work, how) });
    }
  }
  return [...orphans].flatMap(([name, { defined, waits }]) => {
    // One that fails the run in each of them is told first.
    const [first, ...others] = waits.toSorted((left, right) => Object.keys(left.weight).length - Object.keys(right.weight).length);
    if (first === undefined) return [];
    const [idle] = settersOf(input, name);
    return [
      makeDiagnostic(
        'MP401',
        idle === undefined
          ? `nobody sets \`${name}\`, so the wait of \`${first.who}\` fails${first.weight.certainty === undefined ? ' in every run' : ''}`
          : `only \`${idle}\` sets \`${name}\`, and nothing in the spec starts it, so the wait of \`${first.who}\` fails`,
        {
          ...(idle === undefined ? first.weight : { severity: 'warning', certainty: 'possible' } as const),
          range: first.range,
          related: [
            ...others.map(({ who, range }) => ({ message: `\`${who}\` waits for it too`, range })),
            { message: `\`${name}\` is defined here`, range: defined },
          ],
          hint:
            idle === undefined
              ? `add \`sets: { success: ${name} }\` to the process that makes it true, or a step \`set: ${name}\``
              : `add a step \`start: ${idle}\`, or name it: \`mpctl run ${first.who} ${idle}\``,
        },
      ),
    ];
  });
}

/** Those who set it and are started. */
function canBeSet(input: RuleInput, event: string): boolean {
  return settersOf(input, event).some((who) => !isNeverStarted(input, who));
}

function settersOf(input: RuleInput, event: string): readonly string[] {
  return (input.actors.get(event) ?? []).flatMap((actor) => (actor.action === 'set' ? [actor.who] : []));
}
