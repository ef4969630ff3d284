/* Changes for those who wait for the end of what a daemon may fill for as long as the run lasts. */
import type { InstancePlan, Plan } from '../../plan/plan.ts';
import type { StuckActor } from '../told-deadlock.ts';
import { editSteps } from './edit-steps.ts';
import type { Mend } from './mend.ts';

/** A daemon that fills a queue is one of the processes, whose end the run waits for; or its loop ends. */
export function* endsOfStreams(plan: Plan, stuck: readonly StuckActor[]): Generator<Mend> {
  const readers = new Set(stuck.map(({ name }) => name));
  const queues = new Set(plan.actors.flatMap(({ action, who, name }) => (action === 'get' && readers.has(who) ? [name] : [])));
  const fillers = plan.instances.filter(({ kind, name }) => kind === 'daemon' && plan.actors.some((actor) => actor.action === 'put' && actor.who === name && queues.has(actor.name)));
  for (const { process, body } of new Map(fillers.map((one) => [one.process, one])).values()) {
    const filled = [...new Set(plan.actors.flatMap(({ action, who, name }) => (action === 'put' && queues.has(name) && fillers.some((one) => one.name === who && one.process === process) ? [`\`${name}\``] : [])))].join(', ');
    const moved = (instance: InstancePlan): InstancePlan => (instance.process === process ? { ...instance, kind: 'process' } : instance);
    yield { hint: `move \`${process}\` to \`processes\`: ${filled} ${filled.includes(',') ? 'are' : 'is'} at an end when it has ended, for which the run waits then`, plan: { ...plan, instances: plan.instances.map(moved) } };
    if (body.type !== 'steps') continue;
    const names = new Set(fillers.flatMap((one) => (one.process === process ? [one.name] : [])));
    const ended = editSteps(plan, (steps, who) => steps.map((step) => (names.has(who) && step.verb === 'repeat' && step.rounds === 'forever' ? { ...step, rounds: 1 } : step)));
    yield { hint: `let the loop of \`${process}\` end, as with \`repeat: 100\`: ${filled} ${filled.includes(',') ? 'are' : 'is'} at an end then`, plan: ended };
  }
}
