import type { Place } from '../../base/place.ts';
import type { Resource } from '../model.ts';
import { slotsOf } from '../../plan/slots-of.ts';
import { type CompileContext, handleQueue, pipeQueue, resultQueue, runSlots, taskQueue } from './compile-context.ts';
import { takes } from './exact-misses.ts';
import { endsSlowly } from './may-be-ending.ts';
import { setsToCome } from './sets-of-several.ts';

/** What the actors of a plan share. */
export function compileResources(context: CompileContext): readonly Resource[] {
  const { plan } = context;
  return [
    ...plan.primitives.flatMap((primitive) => compilePrimitive(context, primitive)),
    ...(plan.maxParallel === null ? [] : [{ kind: 'permits', name: runSlots, permits: plan.maxParallel, isLock: false, reentrant: false, fair: false } as const]),
    ...plan.pools.flatMap((pool) => compilePool(context, pool.name)),
  ];
}

function compilePrimitive(context: CompileContext, primitive: CompileContext['plan']['primitives'][number]): readonly Resource[] {
  const { name, place } = primitive;
  switch (primitive.kind) {
    case 'lock':
      return [{ kind: 'permits', name, permits: 1, isLock: true, reentrant: primitive.reentrant, fair: false }];
    case 'semaphore':
      sayWhatIsStillHeld(context, name, place);
      return [{ kind: 'permits', name, permits: primitive.permits, isLock: false, reentrant: false, fair: primitive.fair, ...(primitive.bounded ? { bounded: true } : {}), ...(context.isLoose(name) ? { loose: primitive.bounded ? 'bounded' : 'growing' } : {}) }];
    case 'event': {
      const count = setsToCome(context, name, place);
      return [{ kind: 'event', name, isSet: primitive.set, ...(count === 1 ? {} : { count }) }];
    }
    case 'barrier':
      if (context.hasUnknownParties(name)) context.assume('left_out', `waits at the barrier \`${name}\`: how many threads of a program come there is not known`, place);
      return [{ kind: 'barrier', name, parties: primitive.parties }];
    case 'queue':
      return [
        {
          kind: 'queue',
          name,
          capacity: primitive.capacity,
          items: primitive.items.length,
          redelivers: primitive.onConsumerDeath === 'redeliver',
          ends: null,
        },
      ];
    case 'pipe': {
      const [from, to] = primitive.ends;
      const there = { kind: 'queue', name: pipeQueue(name, to), capacity: primitive.capacity, items: 0, redelivers: false, ends: { from, to } } as const;
      return primitive.duplex ? [there, { ...there, name: pipeQueue(name, from), ends: { from: to, to: from } }] : [there];
    }
    case 'condition':
    case 'value':
      return [];
  }
}

/** What is given back without being held comes off others, of whom one that was ended has it until its end, and in the model no more. */
function sayWhatIsStillHeld(context: CompileContext, name: string, place: Place): void {
  if (!context.isLoose(name) || !context.works.some((work) => takes(context, work, name) && endsSlowly(context, work))) return;
  context.assume('left_out', `what somebody has of \`${name}\` between being ended and its end`, place);
  context.assume('coarser', `what somebody has of \`${name}\` is given back as soon as it is ended`, place);
}

function compilePool(context: CompileContext, name: string): readonly Resource[] {
  return [
    ...taskQueuesOf(context, name).map((queue): Resource => ({
      kind: 'queue',
      name: queue,
      capacity: null,
      items: queue === taskQueue(name) && !context.mayBeStarted(name) ? (countTasks(context, name) ?? 0) : 0,
      ...(queue === taskQueue(name) && countTasks(context, name) === null ? { isUncounted: true } : {}),
      redelivers: false,
      ends: null,
      ...(context.hasTasksInOrder(name) ? { tasksOf: { pool: name, isLast: queue === taskQueue(name) } } : {}),
    })),
    ...(context.pool(name)?.results.type === 'queue' ? [{ kind: 'queue', name: resultQueue(name), capacity: mostResults(context, name), items: 0, redelivers: false, ends: null } as const] : []),
  ];
}

/** Where it is known how many tasks there are, there is room for the results of all. */
function mostResults(context: CompileContext, name: string): number | null {
  const tasks = context.pool(name)?.tasks.type;
  const isKnown = tasks === 'items' || tasks === 'matrix' || tasks === 'range';
  return isKnown && context.actorsOf('submit', name).length === 0 && !context.mayBeStarted(name) ? countTasks(context, name) : null;
}

/** Every queue that tasks of a pool come in. */
export function taskQueuesOf(context: CompileContext, pool: string): readonly string[] {
  const submitted = context.works.flatMap((work) =>
    context.stepsOf(work.name).flatMap((step) => {
      if (step.verb !== 'submit' || step.pool !== pool) return [];
      if (step.as === null) return [context.submitQueue(pool)];
      const slots = 'workers' in work ? slotsOf(work) : [work.name];
      const handle = step.as;
      return slots.map((who) => handleQueue(pool, who, handle));
    }),
  );
  return [...new Set([taskQueue(pool), ...submitted])];
}

/** How many tasks a pool has of its own each time that it begins; null of those that are read, of which only the run knows, and of which there may be none. */
export function countTasks(context: CompileContext, name: string): number | null {
  const tasks = context.pool(name)?.tasks;
  switch (tasks?.type) {
    case 'items':
    case 'matrix':
      return tasks.items.length;
    case 'range':
      return Math.max(0, Math.floor((tasks.last - tasks.first) / tasks.step) + 1);
    case 'lines':
    case 'stdin':
    case 'glob':
      return null;
    case 'none':
    case 'queue':
    case undefined:
      return 0;
  }
}
