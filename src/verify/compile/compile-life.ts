import type { Place } from '../../base/place.ts';
import { hasQueueStream } from '../../plan/has-queue-stream.ts';
import { isDeclaredEndless } from '../../plan/is-declared-endless.ts';
import type { InstancePlan, Moment, PoolPlan, WorkPlan } from '../../plan/plan.ts';
import { asksForShutdown } from '../../plan/shuts-down.ts';
import type { Actor, EndOutcome, Fact, Script, Statement, Way } from '../model.ts';
import { acquires, does, either, firstOf, forever, programChooses } from '../script-words.ts';
import type { CompileContext } from './compile-context.ts';
import { compileProgram, lastingDeeds, lateTo } from './compile-program.ts';
import { compileSteps, type StepOwner } from './compile-steps.ts';
import { overEvent } from './pool-over.ts';
import { compileWaits } from './compile-waits.ts';
import { lifetimeOf, mayFailHere, mayNotStart } from './lifetime.ts';

/** Events that are set when a moment comes. */
export function eventsAt(work: WorkPlan, ...moments: readonly Moment[]): readonly string[] {
  return work.sets.filter(({ moment }) => moments.includes(moment)).flatMap(({ events }) => events);
}

/** Events that its moments set. */
export function setsAtMoments(work: WorkPlan): Actor['setsAtMoments'] {
  return { started: eventsAt(work, 'start'), ready: eventsAt(work, 'ready'), ended: eventsAt(work, 'success', 'failure', 'exit') };
}

/** The end for good of an instance or a pool. */
export function endsAs(context: CompileContext, work: InstancePlan | PoolPlan, outcome: EndOutcome, failsRun: boolean): Statement {
  const own: readonly Moment[] = { succeeded: ['success'] as const, failed: ['failure'] as const, skipped: [], stopped: [] }[outcome];
  return {
    type: 'end',
    outcome,
    sets: [...eventsAt(work, ...own, 'exit'), ...('workers' in work ? [overEvent(context, work)].flatMap((over) => over ?? []) : [])],
    // A failure in `finally` stops nothing any more.
    stopsRun: failsRun && context.plan.onFailure === 'stop' && !work.allowFailure && !('kind' in work && work.kind === 'finally') && !context.isStartedLast(work.name),
  };
}

/** The whole life of an instance: waits, holds, start, body, exit (language page, semantics 1). */
export function compileInstance(context: CompileContext, instance: InstancePlan): Actor {
  const skipped = (failsRun: boolean): Script => [endsAs(context, instance, 'skipped', failsRun)];
  const failed: Script = [endsAs(context, instance, 'failed', true)];
  sayStartsLate(context, instance);
  return {
    name: instance.name,
    // When `finally` is over, so is what it has started, wherever that is by then. A run of only daemons is stuck with any of them (`src/engine/deadlock.ts`).
    isDaemon: (instance.kind === 'daemon' && !context.endsWithDaemons) || context.isStartedLast(instance.name),
    isIdle: !instance.autostart,
    isSkipped: context.isStartedLast(instance.name),
    setsWhenStopped: eventsAt(instance, 'exit'),
    setsAtMoments: setsAtMoments(instance),
    lasting: lastingDeeds(context, instance),
    script: [...(instance.kind === 'finally' && instance.autostart ? compileEndOfMain(context, instance) : []), ...compileWaits(context, instance, { skipped, failed }), ...compileAttempts(context, instance, failed)],
  };
}

/** A run ends with the last of what is no daemon, unless a daemon starts another one in that moment, which the search does not follow. */
function sayStartsLate(context: CompileContext, { name, kind }: InstancePlan): void {
  if (kind !== 'daemon') return;
  const started = context.plan.actors.filter(({ who, action }) => who === name && action === 'start');
  // Looked for only where there is something to look for: of thousands of instances each would go through all.
  const starts = started.find((actor) => !context.plan.instances.some((other) => other.kind !== 'process' && other.name === actor.name));
  if (starts !== undefined) context.assume('left_out', `what the daemon \`${name}\` starts when all others have ended`, starts.place);
}

/** Begins when every process and pool has ended, or every daemon of a run that has nothing else, and who was to be started by somebody before is so no more. */
export function compileEndOfMain(context: CompileContext, { place }: InstancePlan): Script {
  const { instances, pools } = context.plan;
  const first = context.endsWithDaemons ? 'daemon' : 'process';
  const main = [...instances.filter(({ kind }) => kind === first), ...pools].filter(({ name }) => !context.isStartedLast(name));
  return [
    does({ do: 'await', facts: main.filter(({ autostart }) => autostart).map(endOf) }, place),
    ...main
      .filter(({ autostart }) => !autostart)
      .map((idle) =>
        firstOf(
          [
            { operation: { do: 'await', facts: [endOf(idle)] }, next: [] },
            { operation: { do: 'find_impossible', facts: [endOf(idle)] }, next: [] },
          ],
          place,
        ),
      ),
  ];
}

function endOf({ name }: InstancePlan | PoolPlan): Fact {
  return { type: 'moment', actors: [name], moment: 'exit' };
}

/** What asks for all that is taken before the start: `with`, or the command that needs a slot. */
export function placeOfHolds({ place, holds, body }: InstancePlan | PoolPlan): Place {
  return [...place, holds.length > 0 ? 'with' : body.type];
}

/** A restart takes the holds anew, without the waits (language page, semantics 6). */
function compileAttempts(context: CompileContext, instance: InstancePlan, failed: Script): Script {
  const succeeded: Script = [endsAs(context, instance, 'succeeded', false)];
  // What its last step does for others they may know of before it has ended.
  const isOver: Script = instance.body.type === 'steps' && context.isOrdered(instance.name) ? [does({ do: 'nothing' }, instance.place)] : [];
  const attempt = (onSuccess: Script, onFailure: Script): Statement => ({
    type: 'attempt',
    drops: 'all',
    body: [...compileBody(context, instance, onSuccess), ...isOver, ...onSuccess],
    onFailure,
  });
  switch (instance.restart) {
    case 'no':
      return [attempt(succeeded, failed)];
    case 'on_failure':
      return isCounted(context, instance)
        ? [{ type: 'repeat', rounds: instance.maxRestarts.count + 1, body: [attempt(succeeded, [])] }, ...failed]
        : [forever([attempt(succeeded, [restartedOrNot(context, instance, failed)])])];
    case 'always': {
      const ends: Script = [{ type: 'fail', endsAll: true }];
      if (isDeclaredEndless(instance) && context.givesUp) context.assume('coarser', `\`${instance.name}\` may be given up at any of its ends`, instance.place);
      if (isDeclaredEndless(instance) && !context.givesUp) return [forever([attempt(ends, [does({ do: 'nothing' }, instance.place)])])];
      return isCounted(context, instance)
        ? [{ type: 'repeat', rounds: instance.maxRestarts.count + 1, body: [attempt(ends, [])] }, ...failed]
        : [forever([attempt(ends, [either([[], failed], instance.place)])])];
    }
  }
}

/** So many restarts are told apart, where it is their number that counts; where it is that within a time, as of a run that has restarted it as often by then. */
function isCounted({ isPatient }: CompileContext, { maxRestarts: { count, withinMs } }: InstancePlan): boolean {
  return count === 0 || (count <= maxCountedRestarts && (withinMs === null || isPatient));
}

/** How many restarts there are within so much time is up to the time; to tell them apart would be many times as much to look at. */
function restartedOrNot(context: CompileContext, { name, place, maxRestarts: { count } }: InstancePlan, failed: Script): Statement {
  context.assume('coarser', `\`${name}\` may be given up after more or fewer than ${count === 1 ? '1 restart' : `${String(count)} restarts`}`, place, { of: name, part: 'is_cut_short' });
  const ways: readonly Way[] = [
    { operation: { do: 'nothing', fails: 'attempt' }, next: [] },
    { operation: { do: 'nothing', fails: 'last_attempt' }, next: failed },
  ];
  return firstOf(ways, place);
}

const maxCountedRestarts = 5;

function compileBody(context: CompileContext, instance: InstancePlan, onSuccess: Script): Script {
  const { body, kind, name, readinessProbe, place } = instance;
  const isDaemon = kind === 'daemon';
  const fails: Script = [{ type: 'fail', endsAll: true }];
  const holds = body.type === 'command' ? context.withSlot(instance.holds, isDaemon) : instance.holds;
  const starts = does({ do: 'reach', moment: readinessProbe === null ? 'ready' : 'start', sets: eventsAt(instance, 'start', ...(readinessProbe === null ? (['ready'] as const) : [])) }, place);
  const becomesReady = does({ do: 'reach', moment: 'ready', sets: eventsAt(instance, 'ready') }, place);
  const begin: Script = [...(holds.length === 0 ? [] : [acquires(holds, placeOfHolds(instance))]), starts];
  if (body.type === 'steps') {
    const owner: StepOwner = { who: name, actor: name, work: instance, isDaemon, onSuccess, lifetime: lifetimeOf(instance) };
    if (readinessProbe !== null) context.assume('assumed', `\`${name}\` is ready before its first step`, place);
    return [...begin, ...(readinessProbe === null ? [] : [programChooses([['becomes_ready', [becomesReady]], ['fails', fails]], place)]), ...compileSteps(context, owner, body.steps), ...mayFailHere(context, owner, place)];
  }
  // A server goes on until it is stopped; one whose end is waited for is none.
  const isEndless = isDaemon && !context.mayEnd(name);
  if (isDaemon && !context.daemonsMayEnd) context.assume('assumed', `the daemon \`${instance.process}\` ${isEndless ? 'runs until it is stopped' : 'ends by itself, since its end is waited for'}`, place);
  if (isEndless && context.usesOf(name).length > 0) context.assume('assumed', `the daemon \`${instance.process}\` comes to do what it declares in \`uses\``, place);
  if (readinessProbe !== null && mayAct(context, instance)) context.assume('assumed', `the program of \`${name}\` does nothing that it declares before it is ready`, place);
  const ready: Script = readinessProbe === null ? [] : [programChooses([['becomes_ready', [becomesReady]], ['fails', fails], ...(isEndless ? [] : [['ends', onSuccess] as const])], place)];
  const program = compileProgram(context, { who: name, streams: instance, work: instance, place, isEndless, onFailure: isEndless ? null : fails, endsRun: asksForShutdown(body.command), late: lateTo(instance.timeoutMs !== null, fails) });
  const cannot = isEndless ? [] : mayNotStart(context, instance);
  return [...cannot, ...begin, ...ready, ...program];
}

/** Whether a program may do anything that others see, beside its start and its end. */
function mayAct(context: CompileContext, instance: InstancePlan): boolean {
  return instance.declaredHolds.length + context.usesOf(instance.name).length > 0 || hasQueueStream(instance);
}
