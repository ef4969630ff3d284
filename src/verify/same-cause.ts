import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Place } from '../base/place.ts';
import type { InstancePlan, Plan } from '../plan/plan.ts';
import type { Budget } from './explore.ts';
import { isProved } from './judge.ts';

/**
 * Whether what a deadlock comes of has been told already: queues that never end, since a daemon may put into them (MP506). It is the
 * same for certain where without that the plan is proved.
 */
export function isToldAlready(plan: Plan, found: readonly Diagnostic[], locate: (place: Place, part: 'key' | 'value') => SourceRange, budget: Budget): boolean {
  const told = found.flatMap(({ code, range }) => (code === 'MP506' && range !== null ? [range] : []));
  const isTold = (place: Place): boolean => {
    const at = locate(place, 'value');
    return told.some(({ source, start, end }) => source === at.source && start === at.start && end === at.end);
  };
  const queues = new Set(plan.actors.filter(({ action, place }) => told.length > 0 && action === 'get' && isTold(place)).map(({ name }) => name));
  return queues.size > 0 && isProved(withoutPutsOfDaemons(plan, queues), budget);
}

function withoutPutsOfDaemons(plan: Plan, queues: ReadonlySet<string>): Plan {
  const putting = new Set(plan.instances.filter(({ kind, body }) => kind === 'daemon' && body.type === 'command').map(({ name }) => name));
  const isOf = (stream: InstancePlan['stdout']): boolean => stream.type === 'queue' && queues.has(stream.queue);
  return {
    ...plan,
    actors: plan.actors.filter(({ action, who, name }) => !(action === 'put' && putting.has(who) && queues.has(name))),
    instances: plan.instances.map((instance) =>
      putting.has(instance.name) ? { ...instance, stdout: isOf(instance.stdout) ? { type: 'null' } : instance.stdout, stderr: isOf(instance.stderr) ? { type: 'null' } : instance.stderr } : instance,
    ),
  };
}
