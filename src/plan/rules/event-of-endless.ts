import type { Place } from '../../base/place.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Actor, InstancePlan } from '../plan.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import { isDeclaredEndless } from '../is-declared-endless.ts';
import { mayShutDown } from '../shuts-down.ts';
import type { RuleInput } from './rule.ts';
import { stoppedBySteps } from './stopped-by-steps.ts';

/**
 * MP209: an event is awaited that only the end of something endless sets: a process with `restart: always` never ends by
 * itself, and such a daemon is stopped only after everything else. What a step or a program may stop, and what `finally`
 * waits for, is left out, as is a spec in which a step or a command ends the run.
 */
export function eventOfEndless(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty || !input.plan.instances.some(isDeclaredEndless)) return [];
  const stoppable = stoppedBySteps(input);
  const endless = new Map(input.plan.instances.flatMap((instance) => (isDeclaredEndless(instance) && !stoppable.has(instance.name) ? [[instance.name, instance] as const] : [])));
  if (endless.size === 0 || mayShutDown(input.plan)) return [];
  return input.plan.primitives.flatMap((event) => {
    if (event.kind !== 'event' || event.set) return [];
    const setters = (input.actors.get(event.name) ?? []).filter(({ action }) => action === 'set');
    const [first] = setters;
    const setter = first === undefined ? undefined : endless.get(first.who);
    if (first === undefined || setter === undefined || !setters.every((one) => isAtTheEnd(one) && endless.has(one.who))) return [];
    return waitsFor(input, event.name).map(({ who, place }) => report(input, { event: event.name, who, place, setter, at: first.place }));
  });
}

function isAtTheEnd({ by }: Actor): boolean {
  return by.type === 'moment' && by.moment !== 'start' && by.moment !== 'ready';
}

interface Finding {
  readonly event: string;
  readonly who: string;
  readonly place: Place;
  readonly setter: InstancePlan;
  /** Where it is said that the end sets the event. */
  readonly at: Place;
}

function report(input: RuleInput, { event, who, place, setter, at }: Finding): Diagnostic {
  const isDaemon = setter.kind === 'daemon';
  return makeDiagnostic('MP209', `\`${who}\` waits for \`${event}\`, which only the end of ${isDaemon ? 'the daemon ' : ''}\`${setter.process}\` sets, and that is restarted for ever${isDaemon ? ` and stopped only after \`${who}\` has ended` : ''}`, {
    range: input.locate(place, 'value'),
    related: [
      { message: 'its end sets the event', range: input.locate(at, 'value') },
      { message: 'declared endless here', range: input.locate([...setter.place, 'restart'], 'value') },
    ],
    hint: `let a step or the program set it: \`uses: { ${event}: set }\`; or remove \`restart: always\``,
  });
}

/** The waits for an event that would last for ever. */
function waitsFor(input: RuleInput, event: string): readonly Pick<Finding, 'who' | 'place'>[] {
  const beforeStart = input.works.flatMap((work) => {
    if ('kind' in work && work.kind !== 'process') return [];
    const who = 'process' in work ? work.process : work.name;
    return work.waitFor.flatMap(({ name, timeoutMs, place }) => (name === event && timeoutMs === null ? [{ who, place }] : []));
  });
  const inSteps = input.bodies.flatMap(({ owner, work, steps }) => {
    if ('kind' in work && work.kind !== 'process') return [];
    return [...walkSteps(steps)].flatMap((step) =>
      step.verb === 'wait' && step.name === event && step.timeoutMs === null && failsWhenImpossible(step) ? [{ who: owner, place: [...step.place, 'wait'] }] : [],
    );
  });
  return [...beforeStart, ...inSteps];
}
