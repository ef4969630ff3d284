import type { Plan } from './plan.ts';
import { startedLast } from './started-last.ts';

/**
 * Whether a run lasts until it is stopped, and not until its processes and pools have ended: there is none that starts by itself, or that anybody
 * starts before `finally`.
 */
export function hasOnlyDaemons(plan: Pick<Plan, 'instances' | 'pools' | 'actors'>): boolean {
  const main = [...plan.instances.filter(({ kind }) => kind === 'process'), ...plan.pools];
  if (main.some(({ autostart }) => autostart) || !plan.instances.some(({ kind }) => kind === 'daemon')) return false;
  if (main.length === 0) return true;
  const late = startedLast(plan);
  const idle = new Set(main.flatMap(({ name }) => (late.has(name) ? [] : [name])));
  return !plan.actors.some(({ action, name }) => action === 'start' && idle.has(name));
}
