import type { Plan } from './plan.ts';
import { walkSteps } from './walk-steps.ts';

/**
 * Whether a run lasts until it is stopped, and not until its processes and pools have ended: none of them starts by itself, and nobody who
 * comes to run before `finally` starts or ends one.
 */
export function hasOnlyDaemons(plan: Pick<Plan, 'instances' | 'pools' | 'actors'>): boolean {
  return startsOnlyDaemons(plan) && !mayEndByDaemons(plan);
}

/** Whether a run lasts until its daemons have had a process or pool started or ended: none of them starts by itself. */
export function endsOnlyByDaemons(plan: Pick<Plan, 'instances' | 'pools' | 'actors'>): boolean {
  return startsOnlyDaemons(plan) && mayEndByDaemons(plan);
}

function startsOnlyDaemons({ instances, pools }: Pick<Plan, 'instances' | 'pools'>): boolean {
  return instances.some(({ kind, autostart }) => kind === 'daemon' && autostart) && ![...instances.filter(({ kind }) => kind === 'process'), ...pools].some(({ autostart }) => autostart);
}

/** Where nothing but daemons starts by itself; whoever is ended before its start has ended all the same. */
function mayEndByDaemons({ instances, pools, actors }: Pick<Plan, 'instances' | 'pools' | 'actors'>): boolean {
  const main = new Set([...instances.filter(({ kind }) => kind === 'process'), ...pools].map(({ name }) => name));
  if (main.size === 0) return false;
  const daemons = new Map(instances.flatMap((instance) => (instance.kind === 'daemon' ? [[instance.name, instance] as const] : [])));
  // Daemons start each other; the first process or pool is the end of that.
  const begun = new Set([...daemons.values()].flatMap(({ autostart, name }) => (autostart ? [name] : [])));
  const starts = new Map<string, string[]>();
  for (const { action, who, name } of actors) if (action === 'start') starts.set(who, [...(starts.get(who) ?? []), name]);
  for (const who of begun) {
    for (const name of starts.get(who) ?? []) {
      if (main.has(name)) return true;
      if (daemons.has(name)) begun.add(name);
    }
    const body = daemons.get(who)?.body;
    if (body?.type === 'steps' && endedBy(body.steps).some((name) => main.has(name))) return true;
  }
  return false;
}

function endedBy(steps: Parameters<typeof walkSteps>[0]): readonly string[] {
  return [...walkSteps(steps)].flatMap((step) => {
    if (step.verb !== 'terminate' && step.verb !== 'kill') return [];
    return step.pool ? [step.name] : step.instances;
  });
}
