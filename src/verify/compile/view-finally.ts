import type { InstancePlan, Plan, PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';

/** How the model sees `finally`. */
export type FinallyView =
  /** There is none, or none that can wait for anything, or be waited for. */
  | 'of_no_account'
  /** It begins when all else has ended. */
  | 'modelled'
  /** It does what the model does not follow. */
  | 'left_out';

const endMoments: ReadonlySet<string> = new Set(['success', 'failure', 'exit']);

/** How the model sees the processes of `finally` of a plan: all of them in one way. */
export function viewFinally(plan: Plan): FinallyView {
  const last = plan.instances.filter(({ kind }) => kind === 'finally');
  if (last.length === 0) return 'of_no_account';
  const kinds = new Map(plan.instances.map(({ name, kind }) => [name, kind]));
  const isLast = (name: string): boolean => kinds.get(name) === 'finally';
  const works = [...plan.instances, ...plan.pools];
  const isMeant = works.some((work) => !isLast(work.name) && namesMeantBy(work).some(isLast));
  if (!isMeant && last.every((instance) => waitsForNothing(plan, kinds, instance))) return 'of_no_account';
  return isMeant || !canBeFollowed(plan, kinds, last) ? 'left_out' : 'modelled';
}

/** Whom its dependencies and steps are about. */
function namesMeantBy({ dependsOn, body }: InstancePlan | PoolPlan): readonly string[] {
  const awaited = dependsOn.flatMap(({ target }) => (target.type === 'instances' ? target.instances : []));
  if (body.type !== 'steps') return awaited;
  const meant = [...walkSteps(body.steps)].flatMap((step) => {
    if (step.verb === 'start' || step.verb === 'terminate' || step.verb === 'kill') return step.instances;
    return step.verb === 'join' && step.target.kind === 'instances' ? step.target.instances : [];
  });
  return [...awaited, ...meant];
}

const plainVerbs: ReadonlySet<string> = new Set(['run', 'print', 'sleep', 'exit']);

/** Whatever else has ended by then, it starts and ends by itself; what it comes after has ended, or is of `finally` itself and waits for nothing either. */
function waitsForNothing(plan: Plan, kinds: ReadonlyMap<string, InstancePlan['kind']>, instance: InstancePlan): boolean {
  const { name, body, dependsOn, holds, declaredHolds, waitFor, sets, stdin, stdout, stderr, autostart } = instance;
  return (
    autostart &&
    holds.length + declaredHolds.length + waitFor.length + sets.length === 0 &&
    dependsOn.every(({ target }) => target.type === 'pool' || target.instances.every((other) => kinds.get(other) !== 'daemon')) &&
    [stdin, stdout, stderr].every(({ type }) => type !== 'queue' && type !== 'pipe') &&
    !plan.actors.some(({ who }) => who === name) &&
    (body.type === 'command' || [...walkSteps(body.steps)].every(({ verb }) => plainVerbs.has(verb)))
  );
}

/**
 * Not where `finally` comes only after a run was stopped, nor where somebody is started by or beside it; nor where it
 * waits for what only the end of a daemon brings, which is ended for that.
 */
function canBeFollowed({ instances, pools, actors }: Plan, kinds: ReadonlyMap<string, InstancePlan['kind']>, last: readonly InstancePlan[]): boolean {
  const main = instances.filter(({ kind }) => kind === 'process');
  if (![...main, ...pools].some(({ autostart }) => autostart) || main.some(({ restart }) => restart === 'always')) return false;
  const late = new Set(instances.filter(({ kind }) => kind !== 'process').map(({ name }) => name));
  if (actors.some(({ action, who, name }) => (action === 'start' && (late.has(who) || kinds.get(name) === 'finally')) || (action === 'submit' && kinds.get(who) === 'finally'))) return false;
  const daemons = instances.filter(({ kind }) => kind === 'daemon');
  if (daemons.some(({ sets, autostart }) => !autostart || sets.some(({ moment }) => endMoments.has(moment)))) return false;
  const idle = new Set([...main, ...pools].filter(({ autostart }) => !autostart).map(({ name }) => name));
  return last.every((instance) => {
    const awaited = instance.dependsOn.flatMap(({ name, target, moment }) => (target.type === 'pool' ? [name] : target.instances).map((one) => ({ one, moment })));
    if (awaited.some(({ one, moment }) => idle.has(one) || (kinds.get(one) === 'daemon' && endMoments.has(moment)))) return false;
    if (instance.body.type !== 'steps') return true;
    return [...walkSteps(instance.body.steps)].every((step) => step.verb !== 'shutdown' && (step.verb !== 'join' || step.target.kind !== 'instances' || step.target.instances.every((name) => kinds.get(name) !== 'daemon' && !idle.has(name))));
  });
}
