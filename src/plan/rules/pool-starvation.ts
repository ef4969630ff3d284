import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { InstancePlan, PoolPlan } from '../plan.ts';
import { strongComponents } from '../strong-components.ts';
import { walkSteps } from '../walk-steps.ts';
import type { RuleInput } from './rule.ts';

/**
 * MP601: the programs of a pool may submit to that same pool, or to one whose tasks submit to it. Where each worker waits for the result
 * of a task that no worker is left to run, all wait for ever. Where only steps submit the search knows whether they wait.
 */
export function poolStarvation(input: RuleInput): readonly Diagnostic[] {
  return [...starvationByWorkers(input), ...starvationByLimit(input)];
}

function starvationByWorkers(input: RuleInput): readonly Diagnostic[] {
  const { pools, actors } = input.plan;
  const index = new Map(pools.map(({ name }, at) => [name, at]));
  const submits = actors.filter(({ action, who, name }) => action === 'submit' && index.has(who) && index.has(name));
  if (!input.gaps.isEmpty || submits.every(({ by }) => by.type !== 'uses')) return [];
  const edges = pools.map(({ name }) => submits.flatMap((submit) => (submit.who === name ? [index.get(submit.name) ?? 0] : [])));
  return strongComponents(edges).flatMap((component) => {
    const ring = new Set(component.map((at) => pools[at]?.name ?? ''));
    const inside = submits.filter(({ who, name }) => ring.has(who) && ring.has(name));
    const first = inside.find(({ by }) => by.type === 'uses');
    if (first === undefined) return [];
    const { workers = 1 } = pools.find(({ name }) => name === first.name) ?? {};
    const isOwn = first.who === first.name;
    return [
      makeDiagnostic(
        'MP601',
        isOwn
          ? `a task of \`${first.who}\` may submit another one to \`${first.name}\` itself: where ${workers === 1 ? 'its only worker waits' : `each of its ${workers} workers waits`} for such a result, none is left to run the task`
          : `the tasks of \`${first.who}\` and \`${first.name}\` may submit to each other: where all workers wait for such results, none is left to run a task`,
        {
          range: input.locate(first.place, 'value'),
          related: inside.flatMap((submit) => (submit === first ? [] : [{ message: `\`${submit.who}\` submits to \`${submit.name}\` here`, range: input.locate(submit.place, 'value') }])).slice(0, 5),
          hint: 'let no task wait for the result of what it submits, or submit it to a pool of its own',
        },
      ),
    ];
  });
}

/** The same of the slots of `max_parallel`: each program that waits for a result, of whichever pool, keeps its own, and the task needs one. */
function starvationByLimit({ plan, gaps, locate }: RuleInput): readonly Diagnostic[] {
  const { maxParallel, actors, instances, pools } = plan;
  if (maxParallel === null || !gaps.isEmpty) return [];
  const slots = new Map([...instances, ...pools].map((work) => [work.name, slotsOf(work)]));
  const submits = actors.filter(({ action, name, who, by }) => action === 'submit' && by.type === 'uses' && (slots.get(who) ?? 0) > 0 && (slots.get(name) ?? 0) > 0);
  // Of a pool that submits to itself it is said for its workers.
  const [first, ...others] = submits.filter(({ name, who }) => name !== who);
  const most = [...new Set(submits.map(({ who }) => who))].reduce((sum, who) => sum + (slots.get(who) ?? 0), 0);
  if (first === undefined || most < maxParallel) return [];
  const whom = maxParallel === 1 ? 'the only slot' : `each of the ${String(maxParallel)} slots`;
  const submittedTo = [...new Set([first, ...others].map(({ name }) => `\`${name}\``))].join(' or ');
  return [
    makeDiagnostic('MP601', `${whom} of \`max_parallel\` may be kept by a program that waits for the result of what it has submitted to ${submittedTo}: none is left to run the task`, {
      range: locate(first.place, 'value'),
      related: others.map(({ who, name, place }) => ({ message: `\`${who}\` submits to \`${name}\` here`, range: locate(place, 'value') })).slice(0, 5),
      hint: `let no program wait for the result of what it submits, or fewer of them run at once than \`max_parallel\` has slots`,
    }),
  ];
}

/** How many slots of `max_parallel` it can have at once. */
function slotsOf(work: InstancePlan | PoolPlan): number {
  const hasCommands = work.body.type !== 'steps' || [...walkSteps(work.body.steps)].some(({ verb }) => verb === 'run');
  if (!hasCommands) return 0;
  if ('workers' in work) return work.workers;
  return work.kind === 'daemon' ? 0 : 1;
}
