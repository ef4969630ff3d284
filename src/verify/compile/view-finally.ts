import type { InstancePlan, Plan, PoolPlan } from '../../plan/plan.ts';
import { walkSteps } from '../../plan/walk-steps.ts';
import { joinedBy } from './joined-by.ts';
import { startedLast } from '../../plan/started-last.ts';

/** How the model sees `finally`. */
export type FinallyView =
  /** There is none, or none that can wait for anything, or be waited for. */
  | 'of_no_account'
  /** It begins when all else has ended. */
  | 'modelled'
  /** The same, where that does not come about by itself. */
  | 'after_stop'
  /** It does what the model does not follow. */
  | 'left_out';

const endMoments: ReadonlySet<string> = new Set(['success', 'failure', 'exit']);

/** How the model sees the processes of `finally` of a plan: all of them in one way. */
export function viewFinally(plan: Plan): FinallyView {
  const last = plan.instances.filter(({ kind }) => kind === 'finally');
  if (last.length === 0) return 'of_no_account';
  const kinds = new Map(plan.instances.map(({ name, kind }) => [name, kind]));
  const late = startedLast(plan);
  const isLast = (name: string): boolean => kinds.get(name) === 'finally' || late.has(name);
  const works = [...plan.instances, ...plan.pools];
  const isMeant = works.some((work) => !isLast(work.name) && namesMeantBy(work).some(isLast));
  if (!isMeant && last.every((instance) => waitsForNothing(plan, kinds, instance))) return 'of_no_account';
  if (isMeant || !canBeFollowed(plan, kinds, late)) return 'left_out';
  return endsByItself(plan) ? 'modelled' : 'after_stop';
}

/** Who of `finally` may wait for more than its turn, or comes after who does; all of it where only others wait for it. */
export function whoWaitsInFinally(plan: Plan): readonly InstancePlan[] {
  const last = plan.instances.filter(({ kind }) => kind === 'finally');
  const kinds = new Map(plan.instances.map(({ name, kind }) => [name, kind]));
  const waits = new Set(last.filter((instance) => !waitsForNothing(plan, kinds, instance)).map(({ name }) => name));
  for (let before = -1; before < waits.size; ) {
    before = waits.size;
    for (const instance of last) if (namesMeantBy(instance).some((name) => waits.has(name))) waits.add(instance.name);
  }
  return waits.size === 0 ? last : last.filter(({ name }) => waits.has(name));
}

/** Whom its dependencies and steps are about. */
function namesMeantBy({ dependsOn, body }: InstancePlan | PoolPlan): readonly string[] {
  const awaited = dependsOn.flatMap(({ name, target }) => (target.type === 'instances' ? target.instances : [name]));
  if (body.type !== 'steps') return awaited;
  const meant = [...walkSteps(body.steps)].flatMap((step) => {
    if (step.verb === 'start' || step.verb === 'terminate' || step.verb === 'kill') return step.pool ? [step.name] : step.instances;
    if (step.verb === 'submit') return [step.pool];
    return step.verb === 'join' ? joinedBy(step.target) : [];
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

/** There is something to end, and nothing that never does. */
function endsByItself({ instances, pools }: Plan): boolean {
  const main = instances.filter(({ kind }) => kind === 'process');
  return [...main, ...pools].some(({ autostart }) => autostart) && !main.some(({ restart }) => restart === 'always');
}

/**
 * Not where a daemon starts somebody, or `finally` starts anew who has run before; nor where it waits for what only the end of a daemon
 * brings, which is ended for that.
 */
function canBeFollowed({ instances, pools, actors }: Plan, kinds: ReadonlyMap<string, InstancePlan['kind']>, late: ReadonlySet<string>): boolean {
  const main = instances.filter(({ kind }) => kind === 'process');
  const isLast = (name: string): boolean => kinds.get(name) === 'finally' || late.has(name);
  const isFollowed = ({ action, who, name }: Plan['actors'][number]): boolean => {
    if (action === 'start') return kinds.get(who) !== 'daemon' && isLast(who) === isLast(name);
    return action !== 'submit' || isLast(who) === isLast(name);
  };
  if (!actors.every(isFollowed)) return false;
  const daemons = instances.filter(({ kind }) => kind === 'daemon');
  if (daemons.some(({ sets, autostart }) => !autostart || sets.some(({ moment }) => endMoments.has(moment)))) return false;
  const idle = [...main, ...pools].filter(({ autostart }) => !autostart);
  // Whom nobody has started by then ends with that.
  if (idle.some(({ sets }) => sets.some(({ moment }) => moment === 'exit'))) return false;
  const neverEnding = new Set([...daemons, ...idle.filter(({ name }) => !late.has(name))].map(({ name }) => name));
  return [...instances, ...pools].filter(({ name }) => isLast(name)).every(({ dependsOn, body }) => {
    const awaited = dependsOn.flatMap(({ name, target, moment }) => (target.type === 'pool' ? [name] : target.instances).map((one) => ({ one, moment })));
    if (awaited.some(({ one, moment }) => neverEnding.has(one) && (kinds.get(one) !== 'daemon' || endMoments.has(moment)))) return false;
    if (body.type !== 'steps') return true;
    return [...walkSteps(body.steps)].every((step) => step.verb !== 'shutdown' && (step.verb !== 'join' || !joinedBy(step.target).some((name) => neverEnding.has(name))));
  });
}
