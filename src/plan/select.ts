import { didYouMean } from '../base/did-you-mean.ts';
import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../diagnostics/make-diagnostic.ts';
import type { Dependency, InstancePlan, Plan, PoolPlan } from './plan.ts';
import type { Step } from './step.ts';
import { walkSteps } from './walk-steps.ts';

type Work = InstancePlan | PoolPlan;

/**
 * The part of a plan that runs when only some names are given: processes, instances and pools, with
 * everything they depend on or act on in their steps, and everyone they share an event, barrier,
 * condition, queue, pipe or pool with. Of `finally` what depends on something chosen, without its
 * waits for what was not; one that is named itself brings all it depends on, like any other. Fails
 * with MP105 where a name is none of these.
 */
export function selectPlan(
  plan: Plan,
  names: readonly string[],
): Result<Plan, readonly Diagnostic[]> {
  const works = [...plan.instances, ...plan.pools];
  const byName = worksByName(works);
  const unknown = names.filter((name) => !byName.has(name));
  if (unknown.length > 0) {
    const processes = [...plan.instances.map(({ process }) => process), ...plan.pools.map((pool) => pool.name)];
    return err(unknown.map((name) => unknownName(name, [...new Set(processes)], [...byName.keys()])));
  }
  const links = linkWorks(plan, works, byName);
  const named = names.flatMap((name) => byName.get(name) ?? []);
  const chosen = closure(named, links, (from, to) => isFinally(from) || !isFinally(to));
  addFinally(chosen, works.filter(isFinally), links, byName);
  return ok(restrict(plan, new Set([...chosen].map(({ name }) => name)), new Set(named.map(({ name }) => name))));
}

/** Adds what depends on something chosen, in turn on what was added so, and what that needs itself. */
function addFinally(
  chosen: Set<Work>,
  last: readonly Work[],
  links: Links,
  byName: ReadonlyMap<string, readonly Work[]>,
): void {
  let size: number;
  do {
    size = chosen.size;
    const following = last.filter((work) =>
      work.dependsOn.some((dependency) =>
        targetsOf(dependency, byName).some((target) => chosen.has(target)),
      ),
    );
    const start = [...[...chosen].filter(isFinally), ...following];
    for (const work of closure(start, links, (_, to) => isFinally(to))) chosen.add(work);
  } while (chosen.size > size);
}

function worksByName(works: readonly Work[]): ReadonlyMap<string, readonly Work[]> {
  const byName = new Map<string, Work[]>();
  const add = (name: string, work: Work): void => {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [work]);
    else known.push(work);
  };
  for (const work of works) {
    add(work.name, work);
    if ('process' in work && work.process !== work.name) add(work.process, work);
  }
  return byName;
}

/** So many names are listed where one was not found. */
const shownNames = 8;

function unknownName(
  name: string,
  processes: readonly string[],
  candidates: readonly string[],
): Diagnostic {
  return makeDiagnostic('MP105', `there is no process or pool \`${name}\``, { hint: wayOut(name, processes, candidates) });
}

function wayOut(name: string, processes: readonly string[], candidates: readonly string[]): string {
  const begun = candidates.filter((each) => each.startsWith(name));
  if (begun.length > 1) return `with it begin ${listNames(begun)}`;
  const near = didYouMean(name, candidates);
  return near === null ? `the spec has ${listNames(processes)}` : `did you mean \`${near}\`?`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((each) => `\`${each}\``);
  const rest = names.length - shown.length;
  return (rest > 0 ? [...shown, `${rest} more`] : shown).join(', ');
}

/** What each work brings with it: works by name, and the things that it shares with others. */
interface Links {
  readonly needs: (work: Work) => readonly Work[];
  readonly shares: (work: Work) => readonly string[];
  readonly sharers: (thing: string) => readonly Work[];
}

function linkWorks(
  plan: Plan,
  works: readonly Work[],
  byName: ReadonlyMap<string, readonly Work[]>,
): Links {
  const things = new Map<string, Set<string>>(works.map((work) => [work.name, new Set()]));
  for (const { who, name } of plan.actors) things.get(who)?.add(name);
  for (const pipe of plan.primitives) {
    if (pipe.kind === 'pipe') for (const end of pipe.ends) things.get(end)?.add(pipe.name);
  }
  for (const pipe of plan.stdioPipes)
    for (const end of [pipe.from, pipe.to]) things.get(end)?.add(pipe.name);
  for (const work of works) {
    const shared = things.get(work.name);
    for (const { name } of work.waitFor) shared?.add(name);
    for (const step of stepsOf(work)) if (step.verb === 'wait') shared?.add(step.name);
  }
  const sharers = new Map<string, Work[]>();
  for (const work of works) {
    for (const thing of things.get(work.name) ?? []) {
      const known = sharers.get(thing);
      if (known === undefined) sharers.set(thing, [work]);
      else known.push(work);
    }
  }
  return {
    needs: (work) => [
      ...work.dependsOn.flatMap((dependency) => targetsOf(dependency, byName)),
      ...stepsOf(work).flatMap((step) => {
        if (step.verb === 'join')
          return step.target.kind === 'queue' ? [] : (byName.get(step.target.name) ?? []);
        const acts = step.verb === 'start' || step.verb === 'terminate' || step.verb === 'kill';
        return acts ? (byName.get(step.name) ?? []) : [];
      }),
    ],
    shares: (work) => [...(things.get(work.name) ?? []), ...('tasks' in work ? [work.name] : [])],
    sharers: (thing) => [...(sharers.get(thing) ?? []), ...(byName.get(thing) ?? [])],
  };
}

function stepsOf(work: Work): readonly Step[] {
  return work.body.type === 'steps' ? [...walkSteps(work.body.steps)] : [];
}

function targetsOf(
  dependency: Dependency,
  byName: ReadonlyMap<string, readonly Work[]>,
): readonly Work[] {
  return byName.get(dependency.name) ?? [];
}

function isFinally(work: Work): boolean {
  return 'kind' in work && work.kind === 'finally';
}

/** Everything that can be reached over those links that may be followed; what it starts with is taken anyway. */
function closure(
  start: readonly Work[],
  links: Links,
  mayFollow: (from: Work, to: Work) => boolean,
): Set<Work> {
  const chosen = new Set(start);
  const seen = new Set<string>();
  for (const work of chosen) {
    for (const needed of links.needs(work)) if (mayFollow(work, needed)) chosen.add(needed);
    for (const thing of links.shares(work)) {
      const way = `${isFinally(work)} ${thing}`;
      if (seen.has(way)) continue;
      seen.add(way);
      for (const sharer of links.sharers(thing)) if (mayFollow(work, sharer)) chosen.add(sharer);
    }
  }
  return chosen;
}

function restrict(plan: Plan, names: ReadonlySet<string>, named: ReadonlySet<string>): Plan {
  const removed = new Set(
    [...plan.instances, ...plan.pools].flatMap(({ name }) => (names.has(name) ? [] : [name])),
  );
  const isKept = (name: string): boolean => !removed.has(name);
  const keepWork = <T extends Work>(work: T): T => ({
    ...work,
    // Whoever names it starts it.
    autostart: work.autostart || named.has(work.name),
    dependsOn: work.dependsOn.flatMap((dependency) => keepDependency(dependency, isKept)),
  });
  return {
    ...plan,
    primitives: plan.primitives.filter(
      (primitive) => primitive.kind !== 'pipe' || primitive.ends.every(isKept),
    ),
    stdioPipes: plan.stdioPipes.filter(({ from, to }) => isKept(from) && isKept(to)),
    instances: plan.instances.filter(({ name }) => isKept(name)).map(keepWork),
    pools: plan.pools.filter(({ name }) => isKept(name)).map(keepWork),
    actors: plan.actors.filter(({ who, name }) => isKept(who) && isKept(name)),
  };
}

function keepDependency(
  dependency: Dependency,
  isKept: (name: string) => boolean,
): readonly Dependency[] {
  if (dependency.target.type === 'pool') return isKept(dependency.name) ? [dependency] : [];
  const instances = dependency.target.instances.filter(isKept);
  if (instances.length === dependency.target.instances.length) return [dependency];
  return instances.length === 0
    ? []
    : [{ ...dependency, target: { type: 'instances', instances } }];
}
