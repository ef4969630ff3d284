import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Place } from '../base/place.ts';
import type { FailsRun } from './every-run-fails.ts';
import type { Fact } from './model.ts';

/** MP907, of those one of whom fails each run; null of nobody. */
export function neverSucceedsFinding(who: readonly FailsRun[], locate: (place: Place, part: 'key' | 'value') => SourceRange): Diagnostic | null {
  const [first, ...others] = who;
  if (first === undefined) return null;
  const what = first.givenUpAfter === null ? howItFails(first) : 'is given up';
  const names = [...new Set(others.map(({ name }) => name))].filter((name) => name !== first.name);
  const before = names.length === 0 ? '' : `, or ${names.map((name) => `\`${name}\``).join(' or ')} fails before`;
  return makeDiagnostic('MP907', `no run can succeed: in each of them \`${first.name}\` ${what}${sayWhy(first)}${before}`, {
    range: locate(first.place, 'value'),
    related: others.map((one) => ({ message: `${one.name === first.name ? 'or it' : `\`${one.name}\``} may ${isSkipped(one) ? 'be skipped' : 'fail'} here${sayWhy(one)}`, range: locate(one.place, 'value') })),
    hint: `${hintFor(first)}, or, where that is meant, give ${first.isStarted && first.givenUpAfter === null && !isOfTasks(first.act) ? 'the step' : 'it'} \`allow_failure: true\``,
  });
}

/** A start that can no longer come is skipped; one whose time is over has failed (language page, rule 4). */
function isSkipped({ isStarted, act }: FailsRun): boolean {
  return !isStarted && act.do !== 'time_out';
}

function howItFails(one: FailsRun): string {
  if (isSkipped(one)) return 'is skipped before it starts';
  return one.isStarted ? 'fails here' : 'fails before it starts';
}

function sayWhy({ act, givenUpAfter }: FailsRun): string {
  if (givenUpAfter !== null) return `, since it is restarted at most ${givenUpAfter === 1 ? 'once' : `${givenUpAfter} times`}`;
  switch (act.do) {
    case 'await':
      return isOfTasks(act) ? ', since not all of its tasks can succeed' : '';
    case 'find_impossible':
      return `, since ${act.facts.map(sayFact).join(', ')}`;
    case 'find_broken_barrier':
      return `, since \`${act.barrier}\` cannot be filled any more`;
    case 'find_broken_queue':
      return isOwn(act.queue) ? '' : `, since nobody is left who takes from \`${act.queue}\``;
    case 'find_end':
      return act.queues.some(isOwn) ? '' : `, since ${act.queues.map((queue) => `\`${queue}\``).join(', ')} is at its end`;
    case 'find_unnotifiable':
      return `, since nobody is left who notifies \`${act.condition}\``;
    case 'find_alive':
      return `, since ${act.actors.map((actor) => `\`${actor}\``).join(', ')} is alive`;
    case 'time_out':
      return ', when its time is over';
    default:
      return '';
  }
}

function sayFact(fact: Fact): string {
  switch (fact.type) {
    case 'event':
      return `nobody is left who sets \`${fact.event}\``;
    case 'moment':
      return `the moment \`${fact.moment}\` of ${fact.actors.map((actor) => `\`${actor}\``).join(', ')} does not come any more`;
    case 'all_done':
      return isOwn(fact.queue) ? 'nobody is left who does these tasks' : `nobody is left who is done with all of \`${fact.queue}\``;
  }
}

/** A queue or event that only the model has. */
function isOwn(name: string): boolean {
  return name.startsWith('.');
}

/** At its end a pool finds that one of its tasks has failed. */
function isOfTasks(act: FailsRun['act']): boolean {
  return act.do === 'await' && act.facts.some((fact) => fact.type === 'event' && isOwn(fact.event));
}

function hintFor({ act, givenUpAfter }: FailsRun): string {
  if (givenUpAfter !== null) return 'let `max_restarts` be more, or what needs it end before';
  switch (act.do) {
    case 'await':
      return 'let each of its tasks succeed';
    case 'find_broken_barrier':
      return 'let as many come to it as make up whole rounds';
    case 'find_broken_queue':
      return 'let somebody take all that is put, as by `each`';
    case 'find_end':
      return 'let it take no more than is put, as by `each`';
    case 'find_unnotifiable':
      return 'let as many be notified as wait there, as by `count: 2`, or wait only while somebody can still notify';
    case 'time_out':
      return 'let it wait only for what comes in time';
    default:
      return 'let it wait only for what still comes then';
  }
}
