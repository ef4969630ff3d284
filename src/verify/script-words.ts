import type { Place } from '../base/place.ts';
import type { Demand } from '../sync/operation.ts';
import type { FailureCause, Operation, ProgramChoice, Script, Statement, Way } from './model.ts';

/** Does one thing, waiting until it can. */
export function does(operation: Operation, place: Place = []): Statement {
  return { type: 'choose', ways: [{ operation, next: [] }], place };
}

/** One of several scripts, by a choice that nothing outside has a say in. */
export function either(scripts: readonly Script[], place: Place = []): Statement {
  return { type: 'choose', ways: scripts.map((next): Way => ({ operation: { do: 'nothing' }, next })), place };
}

/** Goes on, or fails for what is known only in the run; `failure` is what comes then. */
export function orFails(fails: FailureCause, place: Place, failure: Script = [{ type: 'fail', endsAll: false }]): Statement {
  const ways: readonly Way[] = [
    { operation: { do: 'nothing' }, next: [] },
    { operation: { do: 'nothing', fails }, next: failure },
  ];
  return { type: 'choose', ways, place };
}

/** One of several scripts, by a choice of a program that is run. */
export function programChooses(choices: readonly (readonly [ProgramChoice, Script])[], place: Place): Statement {
  return firstOf(programWays(choices), place);
}

/** What a program that is run may choose. */
export function programWays(choices: readonly (readonly [ProgramChoice, Script])[]): readonly Way[] {
  return choices.map(([program, next]): Way => ({ operation: { do: 'nothing', program }, next }));
}

/** One thing or the other, whichever can be done. */
export function firstOf(ways: readonly Way[], place: Place = []): Statement {
  return { type: 'choose', ways, place };
}

/** Acquires all at once. */
export function acquires(demands: readonly Demand[], place: Place = []): Statement {
  return does({ do: 'acquire', demands }, place);
}

/** Releases all at once. */
export function releases(demands: readonly Demand[], place: Place = []): Statement {
  return does({ do: 'release', demands }, place);
}

/** Does it for ever. */
export function forever(body: Script): Statement {
  return { type: 'loop', body };
}
