import type { InstancePlan, PoolPlan } from '../plan.ts';
import { mayShutDown } from '../shuts-down.ts';
import type { RuleInput } from './rule.ts';
import { stoppedBySteps } from './stopped-by-steps.ts';

/**
 * Instances and pools that have succeeded wherever the run has. Left out is whatever may be skipped, stopped or not
 * started, or fail, without the run failing by it. Linear in the plan.
 */
export function mustSucceed(input: RuleInput): ReadonlySet<string> {
  if (mayShutDown(input.plan)) return new Set();
  const works = [...input.plan.instances, ...input.plan.pools];
  const dependents = dependentsOf(works);
  const stopped = stoppedBySteps(input);
  const spared = new Set<string>();
  const pending = works.filter((work) => stopped.has(work.name) || isSpared(input, work));
  for (let work = pending.pop(); work !== undefined; work = pending.pop()) {
    if (spared.has(work.name)) continue;
    spared.add(work.name);
    const names = 'process' in work ? [work.name, work.process] : [work.name];
    for (const name of names) pending.push(...(dependents.get(name) ?? []));
    for (const name of names) dependents.delete(name);
  }
  return new Set(works.flatMap(({ name }) => (spared.has(name) ? [] : [name])));
}

type Work = InstancePlan | PoolPlan;

/** Who waits for a moment that does not come of something that was skipped, by the name that it is waited for. */
function dependentsOf(works: readonly Work[]): Map<string, Work[]> {
  const dependents = new Map<string, Work[]>();
  for (const work of works) {
    for (const { name, moment } of work.dependsOn) {
      if (moment === 'exit') continue;
      const list = dependents.get(name);
      if (list === undefined) dependents.set(name, [work]);
      else list.push(work);
    }
  }
  return dependents;
}

function isSpared(input: RuleInput, work: Work): boolean {
  if (!work.autostart || work.allowFailure || ('kind' in work && work.kind === 'daemon')) return true;
  if (work.dependsOn.some(({ moment }) => moment === 'failure')) return true;
  return work.waitFor.some(({ kind, name }) => kind === 'event' && isOutcome(input, name));
}

/** Whether only an outcome sets an event, so that whoever waits for it is skipped without a failure. */
function isOutcome({ actors }: RuleInput, event: string): boolean {
  const setters = (actors.get(event) ?? []).filter(({ action }) => action === 'set');
  return setters.every(({ by }) => by.type === 'moment' && (by.moment === 'success' || by.moment === 'failure'));
}
