/* Changes for those who wait for what somebody holds around a loop that never ends. */
import type { InstancePlan, Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { Demand } from '../../sync/operation.ts';
import type { StuckActor } from '../told-deadlock.ts';
import { editSteps } from './edit-steps.ts';
import type { Mend } from './mend.ts';

type Loop = Extract<Step, { verb: 'repeat' | 'each' }>;

/** It is taken in each round instead, and given back at its end. */
export function* takenInEachRound(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const held = new Map(stuck.flatMap(({ heldBy }) => heldBy).map(({ what, by }) => [what, by]));
  for (const [name, by] of held) {
    const changed = new Set<string>();
    const ofSteps = editSteps(plan, (steps, who) => {
      const inner = by.includes(who) ? heldInside(steps, name) : null;
      if (inner === null) return steps;
      changed.add(who);
      return inner;
    });
    const instances = ofSteps.instances.map((instance): InstancePlan => {
      const inner = by.includes(instance.name) ? heldForLife(instance, name) : null;
      if (inner === null) return instance;
      changed.add(instance.name);
      return inner;
    });
    if (changed.size === 0) continue;
    const processes = [...new Set([...changed].map((who) => plan.instances.find((one) => one.name === who)?.process ?? who))];
    yield { hint: `let ${processes.map((one) => `\`${one}\``).join(', ')} take \`${name}\` in each round of its loop, and not around it`, plan: { ...ofSteps, instances } };
  }
}

/** What a step of a list takes before a loop of the same list, or around it; null where there is none. */
function heldInside(steps: readonly Step[], name: string): readonly Step[] | null {
  for (const [index, step] of steps.entries()) {
    const others = steps.slice(0, index);
    if (step.verb === 'with' && takes(step.demands, name)) {
      const inner = aroundLoop(step.steps, step.demands);
      if (inner !== null) return [...others, ...inner, ...steps.slice(index + 1)];
    }
    if (step.verb !== 'acquire' || !takes(step.demands, name)) continue;
    const released = steps.findIndex((one, at) => at > index && one.verb === 'release' && takes(one.demands, name));
    const end = released === -1 ? steps.length : released;
    const inner = aroundLoop(steps.slice(index + 1, end), step.demands);
    if (inner !== null) return [...others, ...inner, ...steps.slice(end + 1)];
  }
  return null;
}

function heldForLife(instance: InstancePlan, name: string): InstancePlan | null {
  const { holds, body } = instance;
  const held = holds.filter((hold) => hold.name === name);
  if (held.length === 0 || body.type !== 'steps') return null;
  const steps = aroundLoop(body.steps, held);
  return steps === null ? null : { ...instance, holds: holds.filter((hold) => hold.name !== name), body: { ...body, steps } };
}

/** Steps with what is held around them held before their loop, in each of its rounds and behind it. */
function aroundLoop(steps: readonly Step[], demands: readonly Demand[]): readonly Step[] | null {
  const at = steps.findIndex(isLoop);
  const loop = steps[at];
  if (loop === undefined || !isLoop(loop)) return null;
  return [...holding(steps.slice(0, at), demands), { ...loop, steps: holding(loop.steps, demands) }, ...holding(steps.slice(at + 1), demands)];
}

function holding(steps: readonly Step[], demands: readonly Demand[]): readonly Step[] {
  const [first] = steps;
  return first === undefined ? [] : [{ verb: 'with', demands, steps, place: first.place, as: null, allowFailure: false, timeoutMs: null, onTimeout: { type: 'fail' } }];
}

function isLoop(step: Step): step is Loop {
  return step.verb === 'each' || (step.verb === 'repeat' && step.rounds === 'forever');
}

function takes(demands: readonly Demand[], name: string): boolean {
  return demands.some((demand) => demand.name === name);
}
