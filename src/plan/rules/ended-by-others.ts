import { dependencyGraph } from '../dependency-graph.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import type { Step } from '../step.ts';
import { bodyShutsDown } from '../shuts-down.ts';
import { failsWhenImpossible, walkSteps } from '../walk-steps.ts';
import { endsBefore } from './ends-before.ts';
import { howSure } from './how-sure.ts';
import { isNeverStarted } from './is-never-started.ts';
import type { RuleInput } from './rule.ts';

type Work = InstancePlan | PoolPlan;
type Known = Omit<RuleInput, 'isEndedByOthers' | 'mayNeverStart' | 'endOfDaemons'>;

/** Someone whose steps or programs may end the run or another one, and who has ended for certain whenever they come to that. */
interface Ender {
  readonly work: Work;
  readonly endsRun: boolean;
  /** Instances and pools that it terminates or kills. */
  readonly ended: ReadonlySet<string>;
  /** Who has ended before: whoever it waits for. */
  readonly before: ReadonlySet<string>;
}

/**
 * Whether others may end a work, or the whole run, before its own steps or waits come to anything: by `shutdown`,
 * `terminate` or `kill` in steps that need not wait for its end, or by a program that is seen to ask for it or may start, and so
 * end, whom it `uses`. Its own steps are left out, which come one after the
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

function mayEnd({ work: { body }, endsRun, ended, before }: Ender, work: Work, name: string): boolean {
  return body !== work.body && (endsRun || ended.has(name)) && !before.has(name);
}

/** The instances that a work stands for, or the pool. */
function namesOf({ plan }: Pick<RuleInput, 'plan'>, work: Work): readonly string[] {
  if (!('process' in work)) return [work.name];
  const alike = plan.instances.filter(({ body, process }) => body === work.body && process === work.process);
  return alike.length === 0 ? [work.name] : alike.map(({ name }) => name);
}

function endersOf(input: Known): readonly Ender[] {
  const startable = startableByPrograms(input);
  const found = input.works.flatMap((work) => {
    // What stands in `finally` comes when everything else has ended.
    if ('kind' in work && work.kind === 'finally') return [];
    const reached = work.body.type === 'steps' ? [...howSure(work.body.steps).keys()] : [];
    const endsRun = bodyShutsDown(work.body, reached);
    const ended = new Set([...reached.flatMap(endedBy), ...startedBy(startable, work, reached)]);
    // Looked at last, since each asks for all of its kind.
    if ((!endsRun && ended.size === 0) || namesOf(input, work).every((name) => isNeverStarted(input, name))) return [];
    return [{ work, endsRun, ended }];
  });
  if (found.length === 0) return [];
  const graph = dependencyGraph(input.plan);
  return found.map((one) => ({ ...one, before: new Set([...endsBefore(graph, one.work.name), ...(one.work.body.type === 'steps' ? joinedFirst(one.work.body.steps) : [])]) }));
}

function endedBy(step: Step): readonly string[] {
  if (step.verb !== 'terminate' && step.verb !== 'kill') return [];
  return step.pool ? [step.name] : step.instances;
}

/** Whom the programs of each may start, as is declared. */
function startableByPrograms({ plan }: Known): ReadonlyMap<string, readonly string[]> {
  const startable = new Map<string, string[]>();
  for (const { who, action, by, name } of plan.actors) {
    if (action !== 'start' || by.type !== 'uses') continue;
    const names = startable.get(who);
    if (names === undefined) startable.set(who, [name]);
    else names.push(name);
  }
  return startable;
}

/** Whom a program of it may end, which is declared by that it may start them. */
function startedBy(startable: ReadonlyMap<string, readonly string[]>, { name, body }: Work, reached: readonly Step[]): readonly string[] {
  if (body.type === 'steps' && !reached.some(({ verb }) => verb === 'run')) return [];
  return startable.get(name) ?? [];
}

/** Who is joined, by a step that nobody passes before, in front of the first that ends somebody. */
function joinedFirst(steps: readonly Step[]): readonly string[] {
  const joined: string[] = [];
  for (const step of steps) {
    if ([...walkSteps([step])].some(({ verb }) => mayEndOthers.has(verb))) break;
    if (step.verb !== 'join' || !failsWhenImpossible(step)) continue;
    joined.push(...(step.target.kind === 'instances' ? step.target.instances : [step.target.name]));
  }
  return joined;
}

const mayEndOthers: ReadonlySet<string> = new Set(['shutdown', 'terminate', 'kill', 'run']);
