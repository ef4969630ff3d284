/* Whether something can be started or restarted just now, and the refusal for whoever asks in vain. */
import { err, ok, type Result } from '../base/result.ts';
import type { CallError } from '../protocol/error-kind.ts';
import { operator } from './call-check.ts';
import type { Context } from './context.ts';
import { startsNothingAsked } from './stop-order.ts';
import type { Unit } from './unit-state.ts';

/** Why not all of these can be started; null where they can. */
export function whyNotStarted(context: Context, units: readonly Unit[], caller: string): CallError | null {
  const alive = units.find(({ phase, name }) => (phase !== 'idle' && phase !== 'ended') || context.toBegin.has(name));
  if (alive !== undefined) return isAlive(alive);
  const early = units.find((unit) => comesLast(context, unit));
  const late = units.find((unit) => hadItsTime(context, unit, caller));
  if (late !== undefined) return isOver(late);
  return early === undefined ? whyNothingStarts(context) : isOfFinally(early);
}

/** Those that can have a new attempt or a new life, or why none of them can. */
export function restartable(context: Context, units: readonly Unit[], caller: string): Result<readonly Unit[], CallError> {
  const nothing = whyNothingStarts(context);
  if (nothing !== null) return err(nothing);
  const able = units.filter((unit) => whyNotRestarted(context, unit, caller) === null);
  const [first] = units;
  const refusal = able.length > 0 || first === undefined ? null : whyNotRestarted(context, first, caller);
  return refusal === null ? ok(able) : err(refusal);
}

function whyNotRestarted(context: Context, unit: Unit, caller: string): CallError | null {
  const { name, phase } = unit;
  if (comesLast(context, unit)) return isOfFinally(unit);
  switch (phase) {
    case 'idle':
      return refused(`\`${name}\` was never started: it can be started, and not restarted`);
    case 'dependencies':
    case 'events':
    case 'barriers':
    case 'holds':
      return refused(`\`${name}\` waits to start: there is no attempt of it to begin anew`);
    case 'starting':
    case 'running':
    case 'backoff':
      return unit.stopWhy === null ? null : refused(`\`${name}\` is being stopped`);
    case 'ended':
      return hadItsTime(context, unit, caller) ? isOver(unit) : null;
  }
}

function whyNothingStarts(context: Context): CallError | null {
  return startsNothingAsked(context) ? { kind: 'ended', message: 'the run is being stopped' } : null;
}

/** It runs when all else has ended, and not before: it is to know the outcome. */
function comesLast({ run: { phase } }: Context, unit: Unit): boolean {
  return unit.type === 'instance' && unit.plan.kind === 'finally' && (phase === 'main' || phase === 'stopping');
}

/** What `finally` needs it starts itself; for a user all else stays stopped, as he may have wanted it. */
function hadItsTime({ run: { phase } }: Context, unit: Unit, caller: string): boolean {
  return caller === operator && phase === 'finally' && (unit.type === 'pool' || unit.plan.kind !== 'finally');
}

function isAlive({ name, stopWhy }: Unit): CallError {
  if (stopWhy === null) return refused(`\`${name}\` is alive already`);
  const instead = `\`mpctl wait ${name} --for exit\` waits for that, and \`mpctl restart ${name}\` does both at once`;
  return refused(`\`${name}\` is being stopped, and can be started when it has ended: ${instead}`);
}

function isOver({ name }: Unit): CallError {
  return refused(`\`${name}\` has had its time: the run is at its \`finally\``);
}

function isOfFinally({ name, plan: { autostart } }: Unit): CallError {
  return refused(`\`${name}\` is of \`finally\`: it ${autostart ? 'runs' : 'can be started'} when all else has ended`);
}

function refused(message: string): CallError {
  return { kind: 'refused', message };
}
