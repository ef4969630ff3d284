import type { InstancePlan } from '../../plan/plan.ts';
import type { Actor, Deed, Script } from '../model.ts';
import type { CompileContext } from './compile-context.ts';
import { compileEndOfMain, endsAs, eventsAt, setsAtMoments } from './compile-life.ts';
import { deedOf, withSlots } from './compile-program.ts';

/**
 * One of `finally`, or whom only these start, as those see it who come before: it does nothing as long as any of them is there, but may do all that it declares then,
 * so that whoever waits for that waits for ever. What it does indeed is not followed: it ends as soon as it begins.
 */
export function compileToCome(context: CompileContext, instance: InstancePlan): Actor {
  const { name, autostart } = instance;
  const ends: Script = [endsAs(context, instance, 'succeeded', false)];
  return {
    name,
    // Nobody needs its end before the run is stopped.
    isDaemon: true,
    isIdle: !autostart,
    setsWhenStopped: eventsAt(instance, 'exit'),
    setsAtMoments: setsAtMoments(instance),
    lasting: deedsToCome(context, name).map((deed) => ({ deed, untilClosed: false })),
    script: autostart ? [...compileEndOfMain(context, instance), ...ends] : ends,
  };
}

function deedsToCome(context: CompileContext, name: string): readonly Deed[] {
  // Every pool has ended before, whoever submits to it then.
  const own = context.plan.actors.filter(({ who, by, action }) => who === name && by.type !== 'moment' && action !== 'submit');
  const deeds = own.flatMap((actor): readonly Deed[] => (actor.action === 'start' ? withSlots(context, actor.name).map((started): Deed => `start:${started}`) : [deedOf(context, actor)]));
  return [...new Set(deeds)];
}
