import type { Actor, InstancePlan } from '../../plan/plan.ts';
import type { Place } from '../../base/place.ts';
import type { CompileContext } from './compile-context.ts';

/**
 * With how many sets an event is set: what a process of several instances sets at a moment comes when all of them have reached it (language page,
 * "Moments"). Where others set it as well, or one of them may reach it more than once, the first one sets it in the model, which is left open.
 */
export function setsToCome(context: CompileContext, event: string, place: Place): number {
  const setters = context.actorsOf('set', event);
  const first = setters.find(({ who, by }) => by.type === 'moment' && siblingsOf(context, who).length > 1);
  if (first === undefined) return 1;
  const siblings = siblingsOf(context, first.who);
  if (setters.length === siblings.length && !context.mayBeCleared(event) && setters.every((setter) => isLike(setter, first) && comesOnce(setter, context.instance(setter.who)) && siblings.includes(setter.who) && context.actorsOf('start', setter.who).length === 0)) return siblings.length;
  context.assume('left_out', `that \`${event}\` is set only once all instances of a process have come to it`, place);
  context.assume('coarser', `\`${event}\` is set by the first instance of a process`, place);
  return 1;
}

function siblingsOf(context: CompileContext, who: string): readonly string[] {
  const process = context.instance(who)?.process;
  return process === undefined ? [] : context.plan.instances.flatMap((instance) => (instance.process === process ? [instance.name] : []));
}

function isLike({ by }: Actor, other: Actor): boolean {
  return by.type === 'moment' && other.by.type === 'moment' && by.moment === other.by.moment;
}

/** A failure is that of all only where one of them has failed, and a start comes anew with each attempt. */
function comesOnce({ by }: Actor, instance: InstancePlan | undefined): boolean {
  if (by.type !== 'moment' || by.moment === 'failure' || instance === undefined || instance.kind === 'finally') return false;
  return by.moment === 'success' || by.moment === 'exit' || instance.restart === 'no';
}
