import type { Place } from '../../base/place.ts';
import type { PoolPlan } from '../../plan/plan.ts';
import { whyOneAtATime } from '../../plan/rules/chunk-without-effect.ts';
import { bodyShutsDown } from '../../plan/shuts-down.ts';
import type { Demand } from '../../sync/operation.ts';
import { findLocations } from '../find-locations.ts';
import type { Actor, Resource, Script, Statement, Way } from '../model.ts';
import { slotsOf } from '../../plan/slots-of.ts';
import { mostCounted } from '../most-ever-in.ts';
import { toldApart } from '../queue-bounds.ts';
import { acquires, does, either, firstOf, forever } from '../script-words.ts';
import { type CompileContext, haltEvent, resultQueue, taskQueue } from './compile-context.ts';
import { endsAs, eventsAt, placeOfHolds, setsAtMoments } from './compile-life.ts';
import { compileProgram, lateTo } from './compile-program.ts';
import { countTasks, taskQueuesOf } from './compile-resources.ts';
import { compileSteps, type StepOwner } from './compile-steps.ts';
import { compileWaits } from './compile-waits.ts';
import { sayDoubtsOfPool } from './doubts-of-pool.ts';
import { handleFailures } from './handle-failures.ts';
import { killable } from './killable.ts';
import { leavesOutAttempts } from './left-out-attempts.ts';
import { leftOverTasks } from './left-over-tasks.ts';
import { lifetimeOfTask, mayFailHere, unlimited } from './lifetime.ts';
import { mayBeEnded } from './may-be-ended.ts';
import { mayHalt, mayNotBeRead } from './may-halt.ts';
import { hasFiles, isReadAsItComes, mayBeRefused, mayLackFiles } from './pool-files.ts';
import { overEvent } from './pool-over.ts';
import { neverWaits } from './never-waits.ts';
import { failsByTasksOnly, forgetsFailures, mayLackItem, stopsAtHalt, taskFailures } from './task-failures.ts';

/**
 * A pool as one actor that has its life, and one for each slot that takes tasks. Tasks are told apart only where somebody waits for
 * them. A slot takes the next one when it likes, and any where it is not known which that is: more orders than a pool has.
 */
export function compilePool(context: CompileContext, pool: PoolPlan): readonly Actor[] {
  sayDoubtsOfPool(context, pool);
  // Where each task ends by itself, so do those that a result waits for: it comes later, and comes.
  if (pool.results.type === 'queue' && pool.order === 'input' && pool.workers > 1 && !neverWaits(context, pool)) {
    context.assume('left_out', `the order of the results of \`${pool.name}\`: one that is there waits for those of the tasks before it (\`order: input\`)`, pool.place);
  }
  // A slot of the model takes the next task when it has none.
  if (pool.body.type === 'worker' && pool.body.chunk > 1 && context.usesOf(pool.name).length > 0 && whyOneAtATime(context.plan, pool) === null) {
    context.assume('left_out', `tasks of \`${pool.name}\` that wait in a worker for the one before them (\`chunk: ${pool.body.chunk}\`)`, pool.place);
  }
  sayWhatKeepsItOpen(context, pool);
  const slots = slotsOf(pool);
  return [compileLife(context, pool, slots), ...slots.map((slot) => compileSlot(context, pool, slot))];
}

/** One that is halted ends though programs might still submit to it, which is looked at only beside steps that do. */
function sayWhatKeepsItOpen(context: CompileContext, pool: PoolPlan): void {
  const { name, body, place } = pool;
  if (context.actorsOf('submit', name).length === 0) return;
  if (isReadAsItComes(pool) && !mayNotBeRead(context, pool)) context.assume('assumed', `what the tasks of \`${name}\` are read from can be read`, place);
  if (body.type === 'worker' && !mayHalt(context, pool)) context.assume('assumed', `a worker of \`${name}\` can be had`, place);
}

function compileLife(context: CompileContext, pool: PoolPlan, slots: readonly string[]): Actor {
  const ends = (outcome: 'succeeded' | 'failed'): Script => [endsAs(context, pool, outcome, outcome === 'failed')];
  const over = overEvent(context, pool);
  const refusals = { skipped: (failsRun: boolean): Script => [endsAs(context, pool, 'skipped', failsRun)], failed: ends('failed') };
  return {
    name: pool.name,
    ofPool: 'pool',
    isDaemon: context.isStartedLast(pool.name),
    isIdle: !pool.autostart,
    isSkipped: context.isStartedLast(pool.name),
    setsWhenStopped: [...eventsAt(pool, 'exit'), ...(over === null ? [] : [over])],
    setsAtMoments: setsAtMoments(pool),
    lasting: [],
    script: [
      ...leftOverTasks(context, pool),
      ...forgetsFailures(context, pool),
      ...compileWaits(context, pool, refusals),
      ...mayLackFiles(context, pool, refusals.failed),
      ...ownTasks(context, pool),
      does({ do: 'reach', moment: 'ready', sets: eventsAt(pool, 'start', 'ready') }, pool.place),
      ...(mayNotBeRead(context, pool) ? [either([[], [does({ do: 'set', event: haltEvent(pool.name) }, pool.place)]], pool.place)] : []),
      ...compileResults(pool),
      does({ do: 'await', facts: [{ type: 'moment', actors: slots, moment: 'exit' }] }, pool.place),
      ...compileEnd(context, pool, ends),
    ],
  };
}

/** It succeeds where all of its tasks have. */
function compileEnd(context: CompileContext, pool: PoolPlan, ends: (outcome: 'succeeded' | 'failed') => Script): Script {
  const { name, place } = pool;
  if (!context.mayTaskFail(name) && failsByTasksOnly(pool)) return ends('succeeded');
  const { event } = taskFailures(context, pool);
  if (event === null) return [either([ends('succeeded'), ends('failed')], place)];
  const other: readonly Way[] = failsByTasksOnly(pool) ? [] : [{ operation: { do: 'nothing' }, next: ends('failed') }];
  return [firstOf([{ operation: { do: 'nothing' }, unless: event, next: ends('succeeded') }, { operation: { do: 'await', facts: [{ type: 'event', event }] }, next: ends('failed') }, ...other], place)];
}

/** Of one that may begin more than once they come with each begin, and so do those of which nobody knows how many there are; else they are there from the first on. */
function ownTasks(context: CompileContext, { name, place }: PoolPlan): Script {
  const count = countTasks(context, name);
  const puts = (some: number): Statement => does({ do: 'put', queue: taskQueue(name), ...(some === 1 ? {} : { count: some }) }, place);
  if (count === null) return [either([[], ...Array.from({ length: toldApart - 1 }, (_, few) => [puts(few + 1)]), [puts(uncountedTasks)]], place)];
  const put = puts(1);
  if (!context.mayBeStarted(name)) return [];
  return count <= mostToldApart ? Array.from({ length: count }, () => put) : [forever([put, either([[], [{ type: 'leave' }]], place)])];
}

/** These are more than are ever counted, and stand for any number from that on which is not told apart. */
const uncountedTasks = mostCounted + 1;

/** More tasks than this that come with a begin are any number. */
const mostToldApart = 16;

/** Its results go into their queue one after the other, while other tasks run. */
function compileResults({ name, results, place: whole }: PoolPlan): Script {
  if (results.type !== 'queue') return [];
  const place = [...whole, 'results'];
  const queue = resultQueue(name);
  const put = putsResult(results.queue, place);
  return [
    forever([
      firstOf(
        [
          { operation: { do: 'get', queue, keeps: false }, next: [put] },
          { operation: { do: 'find_end', queues: [queue] }, next: [{ type: 'leave' }] },
        ],
        place,
      ),
    ]),
  ];
}

function compileSlot(context: CompileContext, pool: PoolPlan, slot: string): Actor {
  const { place } = pool;
  const takes = [...place, 'tasks'];
  const queues = [...(pool.tasks.type === 'queue' ? [pool.tasks.queue] : []), ...taskQueuesOf(context, pool.name)];
  const over: Script = [{ type: 'end', outcome: 'succeeded', sets: [], stopsRun: false }];
  const started = { type: 'moment', actors: [pool.name], moment: 'start' } as const;
  const task = compileTask(context, pool, slot, null);
  const told = handleFailures(context, pool);
  const taskOf = (queue: string): Script => (told.has(queue) ? compileTask(context, pool, slot, told.get(queue) ?? null) : task);
  const recorded: Script = pool.results.type === 'queue' ? [does({ do: 'put', queue: resultQueue(pool.name) }, [...place, 'results'])] : [];
  const cancelled = compileCancelled(context, pool);
  const takesTask = (queue: string, isHeldFor: boolean, body: Script): Way => ({
    operation: { do: 'get', queue, keeps: true, taskOf: { pool: pool.name, isHeldFor: isHeldFor && pool.body.type !== 'worker' } },
    ...(stopsAtHalt(pool) ? { unless: haltEvent(pool.name) } : {}),
    next: [{ type: 'keep', queue, body, place: takes }, ...recorded],
  });
  const ways = [...queues.map((queue) => takesTask(queue, holdsOfTask(context, pool).length > 0, taskOf(queue))), ...(mayLackItem(pool) ? [takesTask(taskQueue(pool.name), false, compileRefused(context, pool))] : [])];
  return {
    name: slot,
    ofPool: 'slot',
    // The run waits for the life of the pool, which waits for its slots.
    isDaemon: true,
    isIdle: !pool.autostart,
    isSkipped: context.isStartedLast(pool.name),
    setsWhenStopped: [],
    ...(pool.tasks.type === 'queue' ? { doneWhenStopped: pool.tasks.queue } : {}),
    setsAtMoments: { started: [], ready: [], ended: [] },
    lasting: [],
    script: [
      firstOf(
        [
          { operation: { do: 'await', facts: [started] }, next: [] },
          // Its life is over then, and nobody waits until its results are taken.
          { operation: { do: 'find_impossible', facts: [started] }, next: slot === slotsOf(pool)[0] ? [...cancelled.refused, ...over] : over },
        ],
        place,
      ),
      forever([
        firstOf(
          [
            ...ways,
            { operation: { do: 'find_end', queues }, next: over },
            ...(mayHalt(context, pool) ? [{ operation: { do: 'await', facts: [{ type: 'event', event: haltEvent(pool.name) }] }, next: [...cancelled.halted, ...over] } as const] : []),
          ],
          takes,
        ),
      ]),
    ],
  };
}

/** What becomes of the tasks that a pool has, and no slot takes: each has its result nevertheless, that it was cancelled. */
function compileCancelled(context: CompileContext, pool: PoolPlan): { readonly refused: Script; readonly halted: Script } {
  const { name, results, tasks } = pool;
  const place = [...pool.place, 'results'];
  const none = { refused: [], halted: [] };
  if (results.type !== 'queue') return none;
  const isEnded = mayBeEnded(context, name);
  const halts = mayHalt(context, pool);
  if (!isEnded && !mayBeRefused(pool) && !halts) return none;
  // What is not written in the spec is read as it is needed, and has no results beyond that.
  const isRead = tasks.type === 'range' || isReadAsItComes(pool);
  // How many there are by then is up to those who submit, and whoever ends a pool does not wait until there is room for its results.
  if (isEnded || (isRead && halts) || context.actorsOf('submit', name).length > 0) {
    context.assume('left_out', `results of tasks of \`${name}\` that are cancelled`, place);
    return none;
  }
  if (isRead) return none;
  const all = (put: Statement): Script => [
    forever([
      firstOf(
        [
          { operation: { do: 'get', queue: taskQueue(name), keeps: false }, next: [put] },
          { operation: { do: 'find_end', queues: [taskQueue(name)] }, next: [{ type: 'leave' }] },
        ],
        place,
      ),
    ]),
  ];
  return { refused: all(putsResult(results.queue, place)), halted: all(does({ do: 'put', queue: resultQueue(name) }, place)) };
}

/** Where nobody takes them any more they are dropped. */
function putsResult(queue: string, place: Place): Statement {
  return firstOf(
    [
      { operation: { do: 'put', queue }, next: [] },
      { operation: { do: 'find_broken_queue', queue }, next: [] },
    ],
    place,
  );
}

/**
 * Whether all tasks of a pool succeed, whatever the others do: their steps do nothing that fails, nobody ends them, and there is no file
 * that could not be written.
 */
export function isSurePool(context: CompileContext, pool: PoolPlan, resources: ReadonlyMap<string, Resource>): boolean {
  const { name, body, halt, taskTimeoutMs } = pool;
  if (body.type !== 'steps' || halt !== null || taskTimeoutMs !== null || hasFiles(pool) || mayLackItem(pool) || mayBeEnded(context, name)) return false;
  const runs = compileSteps(context, { who: name, actor: `${name}-1`, work: pool, isDaemon: false, onSuccess: endsTask, lifetime: unlimited }, body.steps);
  const failed: Script = [{ type: 'end', outcome: 'failed', sets: [], stopsRun: false }];
  const script: Script = [...(pool.holds.length === 0 ? [] : [acquires(pool.holds, pool.place)]), { type: 'attempt', drops: 'all', body: [{ type: 'attempt', drops: 'all', body: runs, onFailure: failed }], onFailure: [] }];
  const actor: Actor = { name, isDaemon: false, isIdle: false, setsWhenStopped: [], setsAtMoments: { started: [], ready: [], ended: [] }, lasting: [], script };
  return findLocations(actor, resources, new Set()).locations.every(({ outcome }) => outcome !== 'failed');
}

const endsTask: Script = [{ type: 'finish' }];
const endsAttempt: Script = [{ type: 'fail', endsAll: false }];

/** What a task holds from its start on; a command has a slot of the run besides. */
function holdsOfTask(context: CompileContext, { body, holds }: PoolPlan): readonly Demand[] {
  return body.type === 'steps' ? holds : context.withSlot(holds, false);
}

/** `failure`: the event that is set when it fails, beside what the failure of any other leads to. */
function compileTask(context: CompileContext, pool: PoolPlan, slot: string, failure: string | null): Script {
  const { body, place } = pool;
  const isProgram = body.type !== 'steps';
  const owner: StepOwner = { who: pool.name, actor: slot, work: pool, isDaemon: false, onSuccess: endsTask, lifetime: lifetimeOfTask(pool) };
  const demands = holdsOfTask(context, pool);
  const runs: Script = isProgram
    ? compileProgram(context, { who: pool.name, streams: null, work: pool, place, isEndless: false, onFailure: endsAttempt, endsRun: bodyShutsDown(body), late: lateTo(pool.taskTimeoutMs !== null, endsAttempt) })
    : [...compileSteps(context, owner, body.steps), ...mayFailHere(context, owner, place)];
  if (leavesOutAttempts(context, pool, demands)) context.assume('left_out', `further attempts of the tasks of \`${pool.name}\``, place);
  const isKilled = pool.halt !== null && pool.onHalt === 'kill';
  if (isKilled) sayWhatGoesOn(context, pool);
  // However it ends, nothing stays held.
  const task: Statement = { type: 'attempt', drops: 'all', body: [...compileHolds(context, pool, demands), failing(context, pool, isKilled ? killable(runs, haltEvent(pool.name)) : runs, failure), ...endsTask], onFailure: [] };
  return [task];
}

/** Only failures of its tasks have a pool kill those that run (`src/engine/task-life.ts`), and in the model whatever halts it does. */
function sayWhatGoesOn(context: CompileContext, pool: PoolPlan): void {
  const { name, body, workers, holds, declaredHolds, place } = pool;
  const mayBreak = body.type === 'worker' && workers > 1 && holds.length + declaredHolds.length + context.usesOf(name).length > 0;
  if (mayBreak || mayNotBeRead(context, pool)) context.assume('left_out', `tasks of \`${name}\` that go on though it is halted by something else than their failures`, place);
}

/** A task that waits for what it is to hold when its pool is halted is cancelled. */
function compileHolds(context: CompileContext, pool: PoolPlan, demands: readonly Demand[]): Script {
  if (demands.length === 0) return [];
  const place = placeOfHolds(pool);
  if (!mayHalt(context, pool)) return [acquires(demands, place)];
  const event = haltEvent(pool.name);
  return [
    firstOf(
      [
        { operation: { do: 'acquire', demands }, next: [], ...(stopsAtHalt(pool) ? { unless: event } : {}) },
        { operation: { do: 'await', facts: [{ type: 'event', event }] }, next: endsTask },
      ],
      place,
    ),
  ];
}

/** A task that has no item. */
function compileRefused(context: CompileContext, pool: PoolPlan): Script {
  return [failing(context, pool, endsAttempt, null)];
}

function failing(context: CompileContext, pool: PoolPlan, body: Script, failure: string | null): Statement {
  const { sets: ofEach, next } = taskFailures(context, pool);
  const sets = failure === null ? ofEach : [...ofEach, failure];
  if (sets.length === 0) return { type: 'attempt', drops: 'all', body, onFailure: next };
  // What its last step does for others, and what a `with` around that gives back, they may know of before the task has failed.
  const isOver: Script = [does({ do: 'nothing' }, pool.place), ...endsAttempt];
  const tried: Script = pool.body.type === 'steps' ? [{ type: 'attempt', drops: 'nothing', endsAll: true, body, onFailure: isOver }] : body;
  return { type: 'attempt', drops: 'all', body: tried, sets, onFailure: next };
}
