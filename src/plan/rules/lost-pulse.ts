import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Place } from '../../base/place.ts';
import type { Step } from '../step.ts';
import { failsWhenImpossible, innerSteps, walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/** A `set` and the `clear` behind it. */
interface Pulse {
  readonly owner: string;
  readonly set: Step;
  readonly clear: Step;
}

/**
 * MP405: whoever sets an event clears it at once, so that only who waits at that moment is woken, and a wait that begins
 * later fails when nobody can set it any more. Nothing is said of an event that is also set to stay, or set for ever
 * again and again.
 */
export function lostPulse(input: RuleInput): readonly Diagnostic[] {
  if (!input.gaps.isEmpty) return [];
  const pulses = pulsesOf(input);
  if (pulses.size === 0) return [];
  const waits = waitsOf(input);
  return input.plan.primitives.flatMap((event) => {
    const found = pulses.get(event.name);
    const [wait] = waits.get(event.name) ?? [];
    if (event.kind !== 'event' || event.set || found === undefined || wait === undefined) return [];
    const setters = (input.actors.get(event.name) ?? []).filter(({ action }) => action === 'set');
    if (setters.some(({ by }) => by.type !== 'steps')) return [];
    return [
      makeDiagnostic('MP405', `\`${found.owner}\` sets \`${event.name}\` and clears it at once: \`${wait.who}\` misses it unless it waits at that moment`, {
        range: input.locate([...found.set.place, 'set'], 'value'),
        related: [
          { message: 'it is cleared here', range: input.locate([...found.clear.place, 'clear'], 'value') },
          { message: `\`${wait.who}\` waits here`, range: input.locate(wait.place, 'value') },
        ],
        hint: 'leave the `clear` out; what one of them is to take once is an item of a queue, or a permit of a semaphore',
      }),
    ];
  });
}

/** The first pulse of each event of which every `set` is one, outside every loop for ever. */
function pulsesOf({ bodies }: RuleInput): ReadonlyMap<string, Pulse> {
  const pulses = new Map<string, Pulse>();
  const lasting = new Set<string>();
  const look = (owner: string, steps: readonly Step[], goesRound: boolean): void => {
    for (const [index, step] of steps.entries()) {
      if (step.verb === 'set') {
        const clear = clearBehind(steps, index, step.event);
        if (clear === null || goesRound) lasting.add(step.event);
        else if (!pulses.has(step.event)) pulses.set(step.event, { owner, set: step, clear });
      }
      const isEndless = step.verb === 'each' || (step.verb === 'repeat' && step.rounds === 'forever');
      for (const inner of innerSteps(step)) look(owner, inner, goesRound || isEndless);
    }
  };
  for (const { owner, steps } of bodies) look(owner, steps, false);
  for (const event of lasting) pulses.delete(event);
  return pulses;
}

/** The `clear` behind a `set`, with nothing between that could wait for those who are to be woken. */
function clearBehind(steps: readonly Step[], index: number, event: string): Step | null {
  for (const step of steps.slice(index + 1)) {
    if (step.verb === 'clear' && step.event === event) return step;
    if (step.verb !== 'print' && step.verb !== 'set' && step.verb !== 'clear' && step.verb !== 'notify') return null;
  }
  return null;
}

interface Wait {
  readonly who: string;
  readonly place: Place;
}

function waitsOf(input: RuleInput): ReadonlyMap<string, readonly Wait[]> {
  const waits = new Map<string, Wait[]>();
  const add = (event: string, wait: Wait): void => {
    const list = waits.get(event);
    if (list === undefined) waits.set(event, [wait]);
    else list.push(wait);
  };
  for (const work of input.works) {
    for (const { name, place } of work.waitFor) add(name, { who: 'process' in work ? work.process : work.name, place });
  }
  for (const { owner, steps } of input.bodies) {
    for (const step of walkSteps(steps)) {
      if (step.verb === 'wait' && step.kind === 'event' && failsWhenImpossible(step)) add(step.name, { who: owner, place: [...step.place, 'wait'] });
    }
  }
  return waits;
}
