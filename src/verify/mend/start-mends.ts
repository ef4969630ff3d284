/* Changes for those who wait before their start: for a slot, or in an order that the start gives them. */
import type { InstancePlan, Plan, StartWait } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { StuckActor } from '../told-deadlock.ts';
import type { Mend } from './mend.ts';

/** Up to so many more slots are tried. */
const mostMore = 8;

/** So many slots that those who need each other can run at the same time. */
export function* moreSlots(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const { maxParallel } = plan;
  if (maxParallel === null || !stuck.some(({ waitsFor }) => waitsFor.includes('max_parallel'))) return;
  for (let more = 1; more <= mostMore; more += 1) {
    const raised = maxParallel + more;
    yield { hint: `raise \`max_parallel\` to ${String(raised)}: so many of these have to run at the same time`, plan: { ...plan, maxParallel: raised } };
  }
}

/** What is waited for before a start is waited for by steps, where it can be in another order. */
export function* waitsBySteps(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  for (const { name, isStarted, waitsFor } of stuck) {
    const instance = plan.instances.find((one) => one.name === name);
    const steps = instance === undefined ? null : stepsOf(instance);
    if (isStarted || instance === undefined || steps === null) continue;
    const changed = (waitFor: readonly StartWait[], body: readonly Step[]): Plan => ({
      ...plan,
      instances: plan.instances.map((one) => (one === instance ? { ...instance, waitFor, body: { type: 'steps', steps: body } } : one)),
    });
    // What only it does itself comes no sooner by that.
    const isUpToOthers = (wait: StartWait): boolean => wait.kind === 'barrier' || plan.actors.some(({ action, who, name: event }) => action === 'set' && event === wait.name && who !== name);
    for (const wait of instance.waitFor.filter((one) => waitsFor.includes(one.name) && isUpToOthers(one))) {
      const others = instance.waitFor.filter((one) => one !== wait);
      yield { hint: `let \`${name}\` wait for \`${wait.name}\` by its first step, and not before its start`, plan: changed(others, [stepOf(wait), ...steps]) };
      yield { hint: `let \`${name}\` wait for \`${wait.name}\` by its last step, and not before its start`, plan: changed(others, [...steps, stepOf(wait)]) };
    }
    const inOrder = [...instance.waitFor.filter(({ kind }) => kind === 'barrier'), ...instance.waitFor.filter(({ kind }) => kind === 'event')];
    if (new Set(inOrder.map(({ kind }) => kind)).size < 2) continue;
    const shown = inOrder.map((wait) => `wait: ${wait.name}`).join(', ');
    yield { hint: `\`wait_for\` waits for events before barriers: let \`${name}\` wait by its first steps, \`${shown}\``, plan: changed([], [...inOrder.map(stepOf), ...steps]) };
  }
}

/** null where it could not be the same as steps. */
function stepsOf({ body, stdin, stdout, stderr, place }: InstancePlan): readonly Step[] | null {
  if (body.type === 'steps') return body.steps;
  if ([stdin, stdout, stderr].some(({ type }) => type === 'queue')) return null;
  return [{ verb: 'run', command: body.command, environment: [], workingDir: null, place, as: null, allowFailure: false, timeoutMs: null, onTimeout: { type: 'fail' } }];
}

function stepOf({ name, kind, timeoutMs, place }: StartWait): Step {
  return { verb: 'wait', name, kind, place, as: null, allowFailure: false, timeoutMs, onTimeout: { type: 'fail' } };
}
