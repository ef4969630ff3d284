import type { Place } from '../../base/place.ts';
import type { UsesSpec } from '../../spec/schema/work.ts';
import type { Actor, InstancePlan, PoolBody, PoolPlan, WorkBody } from '../plan.ts';
import { walkSteps } from '../walk-steps.ts';
import type { FillPlace } from './fill-place.ts';
import { resolveName } from './resolve-name.ts';
import type { Takes } from './resolve-name.ts';

/** What something does, before it is said who. */
export type Action = Omit<Actor, 'who'>;

/** What the plan of an instance or pool shows that it may do; the same for all who share their body. */
export function plannedActions(work: InstancePlan | PoolPlan): readonly Action[] {
  const actions: Action[] = [];
  const add = (
    action: Action['action'],
    name: string,
    by: Action['by'],
    ...keys: readonly (string | number)[]
  ): void => {
    actions.push({ action, name, by, place: [...work.place, ...keys] });
  };
  for (const wait of work.waitFor) {
    if (wait.kind === 'barrier')
      actions.push({
        action: 'wait',
        name: wait.name,
        by: { type: 'start_wait' },
        place: wait.place,
      });
  }
  for (const { moment, events } of work.sets) {
    for (const event of events) add('set', event, { type: 'moment', moment }, 'sets', moment);
  }
  if (work.stdin.type === 'queue')
    add('get', work.stdin.queue, { type: 'stdio' }, 'stdin', 'queue');
  if (work.stdout.type === 'queue')
    add('put', work.stdout.queue, { type: 'stdio' }, 'stdout', 'queue');
  if (work.stderr.type === 'queue')
    add('put', work.stderr.queue, { type: 'stdio' }, 'stderr', 'queue');
  if ('tasks' in work) {
    if (work.tasks.type === 'queue')
      add('get', work.tasks.queue, { type: 'tasks' }, 'tasks', 'queue');
    if (work.results.type === 'queue')
      add('put', work.results.queue, { type: 'results' }, 'results', 'queue');
  }
  if (work.body.type === 'steps') actions.push(...stepActions(work.body));
  return actions;
}

function stepActions(body: Extract<WorkBody, { type: 'steps' }>): readonly Action[] {
  const actions = new Map<string, Action>();
  const add = (action: Action['action'], name: string, place: Place): void => {
    const key = `${action} ${name}`;
    if (!actions.has(key)) actions.set(key, { action, name, by: { type: 'steps' }, place });
  };
  for (const step of walkSteps(body.steps)) {
    const place = [...step.place, step.verb];
    if (step.verb === 'put') add('put', step.queue, place);
    else if (step.verb === 'get') add('get', step.queue, place);
    else if (step.verb === 'each' && step.source.kind === 'queue')
      add('get', step.source.name, place);
    else if (step.verb === 'set') add('set', step.event, place);
    else if (step.verb === 'wait' && step.kind === 'barrier') add('wait', step.name, place);
    else if (step.verb === 'notify') add('notify', step.condition, place);
    else if (step.verb === 'submit') add('submit', step.pool, place);
    else if (step.verb === 'start') {
      if (step.pool) add('start', step.name, place);
      for (const instance of step.instances) add('start', instance, place);
    }
  }
  return [...actions.values()];
}

/** What a program declares in `uses`. */
export interface DeclaredUses {
  readonly actions: readonly Action[];
  readonly taskDoneQueues: readonly string[];
  readonly holds: readonly string[];
}

const noUses: DeclaredUses = { actions: [], taskDoneQueues: [], holds: [] };

const takenBy = {
  put: 'queue',
  get: 'queue',
  task_done: 'queue',
  set: 'event',
  wait: 'waits',
  notify: 'condition',
  submit: 'pool',
  start: 'works',
  acquire: 'holds',
} as const satisfies Record<string, Takes>;

/** Reads `uses`; a verb that does not suit its name is reported. */
export function declaredUses(place: FillPlace, uses: UsesSpec | undefined): DeclaredUses {
  if (uses === undefined) return noUses;
  const actions: Action[] = [];
  const taskDoneQueues = new Set<string>();
  const holds = new Set<string>();
  const by = { type: 'uses' } as const;
  for (const [name, written] of Object.entries(uses)) {
    for (const verb of Array.isArray(written) ? written : [written]) {
      const at = place.below(name).place;
      const thing = resolveName(place.context, at, name, {
        takes: takenBy[verb],
        where: `\`${verb}\``,
        part: 'key',
      });
      if (thing === null) {
        place.context.gaps.addDeed(at, verb === 'task_done' || verb === 'acquire' ? null : verb);
        continue;
      }
      if (verb === 'task_done') taskDoneQueues.add(name);
      else if (verb === 'acquire') holds.add(name);
      else if (verb === 'start') {
        const started = thing.kind === 'pool' ? [name] : thing.instances;
        actions.push(
          ...started.map((each): Action => ({ action: verb, name: each, by, place: at })),
        );
      } else if (verb !== 'wait' || thing.kind === 'barrier')
        actions.push({ action: verb, name, by, place: at });
    }
  }
  return { actions, taskDoneQueues: [...taskDoneQueues], holds: [...holds] };
}

/** Queues on which a step calls `task_done`, or a program says that it does. */
export function taskDoneQueuesOf(
  body: PoolBody,
  uses: DeclaredUses,
): readonly string[] {
  if (body.type !== 'steps') return uses.taskDoneQueues;
  const queues = new Set(uses.taskDoneQueues);
  for (const step of walkSteps(body.steps)) if (step.verb === 'task_done') queues.add(step.queue);
  return [...queues];
}
