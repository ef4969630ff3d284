import type { Place } from '../base/place.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import { innerSteps } from '../plan/walk-steps.ts';
import { findActors } from './actor-world.ts';
import { makesDoubtful } from './assumption.ts';
import { compilePlan } from './compile/compile-plan.ts';
import { editWays } from './edit-ways.ts';
import { endAlone } from './end-alone.ts';
import type { Budget } from './explore.ts';
import { type Judgement, search } from './judge.ts';
import { withoutFailures } from './without-failures.ts';

/**
 * MP410, of a plan that was proved: somebody may come to his wait at a condition only when the last who notifies it has, though every
 * command succeeds. He does not wait for ever, since such a wait fails; so he is looked for where it would not. null also where nothing is
 * found within the budget.
 */
export function lostNotification(plan: Plan, { verdict }: Judgement, locate: (place: Place, part: 'key' | 'value') => SourceRange, budget: Budget): Diagnostic | null {
  if (verdict.type !== 'proved') return null;
  const waits = failingWaits(plan);
  if (waits.size === 0) return null;
  const { model, assumptions } = compilePlan({ ...plan, onFailure: 'continue' });
  const patient = editWays(withoutFailures(model), ({ operation }, place) => !waits.has(keyOf(place)) || (operation.do !== 'find_unnotifiable' && operation.do !== 'time_out'));
  const { graphs } = findActors(patient);
  const found = search(patient, endAlone(graphs), budget, 'one').verdict;
  if (found.type !== 'counterexample') return null;
  const one = found.stuck.find(({ place }) => waits.has(keyOf(place)));
  const condition = one === undefined ? undefined : waits.get(keyOf(one.place));
  if (one === undefined || condition === undefined || !one.waitsFor.includes(condition)) return null;
  const notifies = plan.actors.filter(({ action, who, name }) => action === 'notify' && name === condition && who !== one.name);
  const names = [...new Set(notifies.map(({ who }) => `\`${who}\``))].join(' and ');
  return makeDiagnostic('MP410', `\`${one.name}\` fails here where the last \`notify\` of \`${condition}\` does not wake it, as when that comes before it waits`, {
    range: locate(one.place, 'value'),
    related: notifies.map(({ who, place }) => ({ message: `\`${who}\` notifies it here`, range: locate(place, 'value') })),
    ...(makesDoubtful(assumptions, found) ? { certainty: 'possible' } : {}),
    hint: `let \`${one.name}\` set an event while it holds the lock, before it waits, and ${names} wait for that event before the \`notify\`; or use an event alone, which stays set`,
  });
}

/** The condition of each step that waits at one which steps alone notify, and fails its process where nobody can any more, by its place. */
function failingWaits({ instances, pools, primitives, actors }: Plan): ReadonlyMap<string, string> {
  const notified = primitives.flatMap(({ kind, name }) => {
    const notifiers = kind === 'condition' ? actors.filter((actor) => actor.action === 'notify' && actor.name === name) : [];
    return notifiers.length > 0 && notifiers.every(({ by }) => by.type === 'steps') ? [name] : [];
  });
  const known = new Set(notified);
  const waits = new Map<string, string>();
  const look = (steps: readonly Step[]): void => {
    for (const step of steps) {
      // There somebody has thought of it.
      if (step.allowFailure) continue;
      if (step.verb === 'wait' && step.kind === 'condition' && known.has(step.name) && step.onTimeout.type === 'fail') waits.set(keyOf(step.place), step.name);
      for (const inner of innerSteps(step)) look(inner);
    }
  };
  for (const { body, allowFailure } of [...instances, ...pools]) if (body.type === 'steps' && !allowFailure) look(body.steps);
  return waits;
}

function keyOf(place: Place): string {
  return JSON.stringify(place);
}
