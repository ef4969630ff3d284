import type { Place } from '../base/place.ts';
import type { Plan } from '../plan/plan.ts';
import { walkSteps } from '../plan/walk-steps.ts';
import type { Keeper } from './told-deadlock.ts';

/**
 * Those who go on for ever with what others wait for, and run commands meanwhile: what an instance holds its programs may release, declared
 * or not (language page, "Holds"), so that a run only waits.
 */
export function mayGiveBack({ instances }: Plan, keepers: readonly Keeper[]): readonly Keeper[] {
  return keepers.filter(({ name, place }) => {
    const body = instances.find((one) => one.name === name)?.body;
    if (body?.type !== 'steps') return false;
    const loops = [...walkSteps(body.steps)].filter((step) => (step.verb === 'repeat' || step.verb === 'each') && isWithin(place, step.place));
    return [...walkSteps(loops)].some(({ verb }) => verb === 'run');
  });
}

function isWithin(place: Place, outer: Place): boolean {
  return outer.every((part, index) => place[index] === part);
}
