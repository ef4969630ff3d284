import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic.ts';
import type { Mend } from './mend/mend.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Place } from '../base/place.ts';
import type { Plan } from '../plan/plan.ts';
import type { JudgedStep, Judgement, StuckActor } from './judge.ts';

/** So many of those who are stuck are named in the sentence. */
const namedAtMost = 3;

/** What else is known of a deadlock. */
export interface KnownOfDeadlock {
  /** What would mend it; null where that is not known. */
  readonly mend?: Pick<Mend, 'hint'> | null;
  /** It comes to that in every run in which no command fails before. */
  readonly isCertain?: boolean;
}

/** MP901, with the way to the deadlock step by step; null without one. */
export function deadlockFinding(
  plan: Plan,
  { verdict, assumptions }: Judgement,
  locate: (place: Place, part: 'key' | 'value') => SourceRange,
  { mend = null, isCertain = false }: KnownOfDeadlock = {},
): Diagnostic | null {
  if (verdict.type !== 'counterexample') return null;
  const { stuck, steps } = verdict;
  const [first] = stuck;
  const way = sayWay(steps, locate);
  if (first === undefined) {
    return makeDiagnostic('MP901', 'the run can come to where it can never end any more, though some of it goes on', { severity: 'warning', certainty: 'possible', range: way.at(-1)?.range ?? null, related: way });
  }
  if (first.waitsFor.length === 0) {
    const related = [...way, ...stuck.slice(1).map((one) => ({ message: `\`${one.name}\` never ends either`, range: locate(one.place, 'value') }))];
    return makeDiagnostic('MP901', `${nameStuck(stuck)} can come to where nothing leads to ${stuck.length === 1 ? 'its' : 'their'} end, though some of the run goes on`, { severity: 'warning', certainty: 'possible', range: locate(first.place, 'value'), related });
  }
  const isSure = !assumptions.some(({ kind }) => kind === 'coarser') && !stuck.some((one) => isUpToProgram(plan, one, stuck));
  const frequency = isSure ? {} : ({ severity: 'warning', certainty: 'possible' } as const);
  return makeDiagnostic('MP901', `${nameStuck(stuck)} ${isCertain ? '' : 'can '}come${isCertain && stuck.length === 1 ? 's' : ''} to wait for ever: ${sayWait(first)}`, {
    ...(isCertain ? { certainty: 'every run' } : frequency),
    range: locate(first.place, 'value'),
    related: [
      ...way,
      ...stuck.slice(1).map((one) => ({ message: sayWait(one), range: locate(one.place, 'value') })),
    ],
    hint: mend?.hint ?? null,
  });
}

/** Numbered, step by step. */
export function sayWay(steps: readonly JudgedStep[], locate: (place: Place, part: 'key' | 'value') => SourceRange): readonly RelatedPlace[] {
  return steps.map(({ actor, what, place }, index) => ({ message: `${index + 1}. \`${actor}\` ${what}`, range: locate(place, 'value') }));
}

/** What somebody who is stuck waits for. */
export function sayWait({ name, waitsFor }: StuckActor): string {
  return `\`${name}\` waits here for ${waitsFor.map((what) => `\`${what}\``).join(', ')}`;
}

/** Those who are stuck, in a sentence. */
export function nameStuck(stuck: readonly StuckActor[]): string {
  const names = stuck.slice(0, namedAtMost).map(({ name }) => `\`${name}\``);
  const others = stuck.length - names.length;
  if (others > 0) names.push(`${others} more`);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

/** A program decides by itself whether and when it does what it declares; what it is started with is mpctl's to do. */
export function isUpToProgram(plan: Plan, { name, isStarted }: StuckActor, stuck: readonly StuckActor[]): boolean {
  if (!isStarted || !hasSteps(plan, name)) return isStarted;
  // What it runs among its steps may have done what the others wait for.
  return plan.actors.some(({ who, by, name: thing }) => who === name && by.type === 'uses' && stuck.some((one) => one.waitsFor.includes(thing)));
}

function hasSteps(plan: Plan, name: string): boolean {
  return [...plan.instances, ...plan.pools].some((work) => work.name === name && work.body.type === 'steps');
}
