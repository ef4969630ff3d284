import type { CommandPlan } from './command.ts';
import type { Plan, PoolBody, WorkBody } from './plan.ts';
import type { Step } from './step.ts';
import { walkSteps } from './walk-steps.ts';

/** Whether some step may end the whole run, or a command whose own text says that it asks for it. */
export function mayShutDown({ instances, pools }: Pick<Plan, 'instances' | 'pools'>): boolean {
  return [...instances, ...pools].some(({ body }) => bodyShutsDown(body));
}

/** The same of one of them; of steps, of these that are come to. */
export function bodyShutsDown(body: WorkBody | PoolBody, reached: Iterable<Step> = body.type === 'steps' ? walkSteps(body.steps) : []): boolean {
  if (body.type !== 'steps') return asksForShutdown(body.command);
  return [...reached].some((step) => step.verb === 'shutdown' || (step.verb === 'run' && asksForShutdown(step.command)));
}

/** Whether a command is seen to call `mpctl shutdown`: it needs no entry in `uses` for that. */
export function asksForShutdown(command: CommandPlan): boolean {
  const text = command.type === 'shell' ? command.script : command.argv.filter((word) => typeof word === 'string').join(' ');
  return /mpctl\S*\s+shutdown\b/u.test(text);
}
