import type { InstancePlan, Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { innerSteps } from '../../plan/walk-steps.ts';
import type { Fact } from '../model.ts';
import { beginsLate } from './begins-late.ts';

/**
 * The begin of a program that has the other end of a pipe, and its end, where it begins after something else: before it nothing is sent, and
 * nothing received; and as long as it has not ended, it has its end of the pipe, be it that nobody can start it any more.
 */
export function lateBegin({ maxParallel }: Plan, peer: InstancePlan | undefined): { readonly begun: readonly [Fact]; readonly ended: readonly [Fact] } | null {
  if (peer === undefined || (peer.kind !== 'finally' && !beginsLate(peer) && (maxParallel === null || peer.kind === 'daemon'))) return null;
  const moment = (name: 'start' | 'exit'): Fact => ({ type: 'moment', actors: [peer.name], moment: name });
  return { begun: [moment('start')], ended: [moment('exit')] };
}

/** Whether somebody may send more than a pipe has room for. */
export function mayFill({ primitives }: Plan, pipe: string, { body, restart }: InstancePlan): boolean {
  const definition = primitives.find(({ name }) => name === pipe);
  if (definition?.kind !== 'pipe' || definition.capacity === null || body.type !== 'steps') return false;
  return restart !== 'no' || mostSent(body.steps, pipe) > definition.capacity;
}

function mostSent(steps: readonly Step[], pipe: string): number {
  return steps.reduce((sum, step) => {
    if (step.verb === 'send' && step.pipe === pipe) return sum + 1;
    const inner = innerSteps(step).reduce((most, list) => most + mostSent(list, pipe), 0);
    return sum + ((step.verb === 'each' || step.verb === 'repeat') && inner > 0 ? Infinity : inner);
  }, 0);
}
