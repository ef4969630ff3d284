import type { Plan } from './plan.ts';
import { startedLast } from './started-last.ts';
import { walkSteps } from './walk-steps.ts';

/**
 * Whether a run lasts until it is stopped, and not until its processes and pools have ended: there is none that starts by itself, or that anybody
 * starts or ends before `finally`.
 */
export function hasOnlyDaemons(plan: Pick<Plan, 'instances' | 'pools' | 'actors'>): boolean {
  const main = [...plan.instances.filter(({ kind }) => kind === 'process'), ...plan.pools];
  if (main.some(({ autostart }) => autostart) || !plan.instances.some(({ kind }) => kind === 'daemon')) return false;
  if (main.length === 0) return true;
  const idle = new Set(main.map(({ name }) => name));
  const late = startedLast(plan);
  return !plan.actors.some(({ action, name }) => action === 'start' && idle.has(name) && !late.has(name)) && !endedBySteps(plan).some((name) => idle.has(name));
}

/** Whoever is ended before its start has ended all the same. */
function endedBySteps({ instances }: Pick<Plan, 'instances'>): readonly string[] {
  const steps = instances.flatMap(({ kind, body }) => (kind === 'finally' || body.type !== 'steps' ? [] : [...walkSteps(body.steps)]));
  return steps.flatMap((step) => {
    if (step.verb !== 'terminate' && step.verb !== 'kill') return [];
    return step.pool ? [step.name] : step.instances;
  });
}
