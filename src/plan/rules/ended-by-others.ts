import { dependencyGraph } from '../dependency-graph.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import { endsBefore } from './ends-before.ts';
import { howSure } from './how-sure.ts';
import { isNeverStarted } from './is-never-started.ts';
import type { RuleInput, SharedBody } from './rule.ts';

type Work = InstancePlan | PoolPlan;
type Known = Omit<RuleInput, 'isEndedByOthers'>;

/** Someone whose steps may end the run or another one, and who has ended for certain whenever they come to that. */
interface Ender {
  readonly body: SharedBody;
  readonly endsRun: boolean;
  /** Instances and pools that it terminates or kills. */
  readonly ended: ReadonlySet<string>;
  /** Who has ended before: whoever it waits for. */
  readonly before: ReadonlySet<string>;
}

/**
 * Whether others may end a work, or the whole run, before its own steps or waits come to anything: by `shutdown`,
 * `terminate` or `kill` in steps that need not wait for its end. Its own steps are left out, which come one after the
 * other. Of instances that have all but their name in common, it is so where it is so of each. Computed once, at the first question.
 */
export function endedByOthers(input: Known): (work: Work) => boolean {
  let enders: readonly Ender[] | null = null;
  return (work) => {
    enders ??= endersOf(input);
    const known = enders;
    return known.length > 0 && namesOf(input, work).every((name) => known.some((ender) => mayEnd(ender, work, name)));
  };
}

function mayEnd({ body, endsRun, ended, before }: Ender, work: Work, name: string): boolean {
  return body.steps !== stepsOf(work) && (endsRun || ended.has(name)) && !before.has(name);
}

function stepsOf({ body }: Work): readonly Step[] | null {
  return body.type === 'steps' ? body.steps : null;
}

/** The instances that a work stands for, or the pool. */
function namesOf({ plan }: Pick<RuleInput, 'plan'>, work: Work): readonly string[] {
  if (!('process' in work)) return [work.name];
  const alike = plan.instances.filter(({ body, process }) => body === work.body && process === work.process);
  return alike.length === 0 ? [work.name] : alike.map(({ name }) => name);
}

function endersOf(input: Known): readonly Ender[] {
  const found = input.bodies.flatMap((body) => {
    // What stands in `finally` comes when everything else has ended.
    if (('kind' in body.work && body.work.kind === 'finally') || body.runners.every((name) => isNeverStarted(input, name))) return [];
    const reached = [...howSure(body.steps).keys()];
    const endsRun = reached.some(({ verb }) => verb === 'shutdown');
    const ended = new Set(reached.flatMap(endedBy));
    return endsRun || ended.size > 0 ? [{ body, endsRun, ended }] : [];
  });
  if (found.length === 0) return [];
  const graph = dependencyGraph(input.plan);
  return found.map((one) => ({ ...one, before: new Set([...endsBefore(graph, one.body.runners[0] ?? ''), ...joinedFirst(one.body.steps)]) }));
}

function endedBy(step: Step): readonly string[] {
  if (step.verb !== 'terminate' && step.verb !== 'kill') return [];
  return step.pool ? [step.name] : step.instances;
}

/** Who is joined, by a step that nobody passes before, in front of the first that ends somebody. */
function joinedFirst(steps: readonly Step[]): readonly string[] {
  const joined: string[] = [];
  for (const step of steps) {
    if ([...walkSteps([step])].some(({ verb }) => verb === 'shutdown' || verb === 'terminate' || verb === 'kill')) break;
    if (step.verb !== 'join' || !failsWhenImpossible(step)) continue;
    joined.push(...(step.target.kind === 'instances' ? step.target.instances : [step.target.name]));
  }
  return joined;
}
