/* What a command may wait for at a kernel pipe that joins its standard streams to those of another one (`via: stdio`). */
import type { Plan, StdioPipePlan } from '../plan/plan.ts';

/** mpctl has no part in it: only a look shows whether the command does wait there. */
export interface JoinedWait {
  readonly stream: 'joined_input' | 'joined_output';
  readonly call: null;
  readonly requestId: null;
  readonly pipe: string;
  /** The instance at the other end. */
  readonly other: string;
  /** From the other end pipes lead back to this one. */
  readonly goesRound: boolean;
}

/** Of each plan, by instance; found out when first asked for. */
const known = new WeakMap<Plan, ReadonlyMap<string, readonly JoinedWait[]>>();
const none: readonly JoinedWait[] = [];

/** All that an instance may wait for at such pipes. */
export function joinedWaits(plan: Plan, instance: string): readonly JoinedWait[] {
  if (plan.stdioPipes.length === 0) return none;
  const byInstance = known.get(plan) ?? waitsByInstance(plan);
  known.set(plan, byInstance);
  return byInstance.get(instance) ?? none;
}

function waitsByInstance({ stdioPipes }: Plan): ReadonlyMap<string, readonly JoinedWait[]> {
  const after = new Map(stdioPipes.map((pipe) => [pipe.from, pipe]));
  const byInstance = new Map<string, JoinedWait[]>();
  for (const pipe of stdioPipes) {
    const { name, from, to, duplex } = pipe;
    const end = { call: null, requestId: null, pipe: name, goesRound: duplex || leadsBack(pipe, after) };
    const add = (instance: string, stream: JoinedWait['stream'], other: string): void => {
      byInstance.set(instance, [...(byInstance.get(instance) ?? []), { ...end, stream, other }]);
    };
    add(from, 'joined_output', to);
    add(to, 'joined_input', from);
    if (!duplex) continue;
    add(from, 'joined_input', to);
    add(to, 'joined_output', from);
  }
  return byInstance;
}

/** Each has one standard output, so that there is one way to go. */
function leadsBack({ from, to }: StdioPipePlan, after: ReadonlyMap<string, StdioPipePlan>): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = to; at !== undefined && !seen.has(at); at = after.get(at)?.to) {
    if (at === from) return true;
    seen.add(at);
  }
  return false;
}
