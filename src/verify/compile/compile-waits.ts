import type { Place } from '../../base/place.ts';
import type { Dependency, InstancePlan, PoolPlan, WorkPlan } from '../../plan/plan.ts';
import type { Fact, Script, Statement, Way } from '../model.ts';
import { firstOf } from '../script-words.ts';
import type { CompileContext } from './compile-context.ts';
import { exactMissAtStart, exactMissOfMoments } from './exact-misses.ts';

/** How a start that cannot come ends. */
export interface Refusals {
  readonly skipped: (failsRun: boolean) => Script;
  readonly failed: Script;
}

/** What comes before the start: moments, then events, then barriers in their order (language page, semantics 1). */
export function compileWaits(context: CompileContext, work: InstancePlan | PoolPlan, refusals: Refusals): Script {
  return [
    ...compileDependencies(context, work.dependsOn, refusals),
    ...compileEvents(context, work, refusals),
    ...work.waitFor.filter(({ kind }) => kind === 'barrier').flatMap((wait) => compileBarrier(context, wait, refusals)),
  ];
}

function timeOut(refusals: Refusals, misses: ReturnType<typeof exactMissAtStart>, breaks: string | null = null): Way {
  return { operation: { do: 'time_out', breaks, ...misses }, next: refusals.failed };
}

function factOf({ name, target, moment }: Dependency): Fact {
  return { type: 'moment', actors: target.type === 'pool' ? [name] : target.instances, moment };
}

function compileDependencies(context: CompileContext, dependencies: readonly Dependency[], refusals: Refusals): Script {
  return awaitTogether(
    dependencies.map((dependency) => {
      const isOutcome = dependency.moment === 'success' || dependency.moment === 'failure';
      return { fact: factOf(dependency), isTimed: dependency.timeoutMs !== null, failsRun: !isOutcome, place: dependency.place };
    }),
    exactMissOfMoments(context, dependencies.filter(({ timeoutMs }) => timeoutMs !== null)),
    refusals,
  );
}

/** What has to come before a start, at the same time as others. */
interface Awaited {
  readonly fact: Fact;
  readonly isTimed: boolean;
  /** As what the start is skipped where it can no longer come. */
  readonly failsRun: boolean;
  readonly place: Place;
}

/** All of it. Where only some have a time, these come first: nobody is late who lacks but others, and may wait for those for ever. */
function awaitTogether(awaited: readonly Awaited[], misses: ReturnType<typeof exactMissAtStart>, refusals: Refusals): Script {
  const timed = awaited.filter(({ isTimed }) => isTimed);
  const inVain = awaited.map(({ fact, failsRun }): Way => ({ operation: { do: 'find_impossible', facts: [fact] }, next: refusals.skipped(failsRun) }));
  const comes = (some: readonly Awaited[], more: readonly Way[]): Script => {
    const [first] = some;
    return first === undefined ? [] : [firstOf([{ operation: { do: 'await', facts: some.map(({ fact }) => fact) }, next: [] }, ...inVain, ...more], first.place)];
  };
  // A moment may have to come once more, while an event that is set stays so.
  const others = awaited.filter(({ fact, isTimed }) => !isTimed || fact.type === 'moment');
  return [...comes(timed, [timeOut(refusals, misses)]), ...(timed.length === awaited.length ? [] : comes(others, []))];
}

function compileEvents(context: CompileContext, work: InstancePlan | PoolPlan, refusals: Refusals): Script {
  const events = work.waitFor.filter(({ kind }) => kind === 'event');
  const [first] = events;
  if (first === undefined) return [];
  const impossible = (event: string): Way => ({
    operation: { do: 'find_impossible', facts: [{ type: 'event', event }] },
    next: refusals.skipped(!isOutcomeEvent(context, event)),
  });
  const cleared = events.filter(({ name }) => context.mayBeCleared(name));
  const lasting = events.filter(({ name }) => !context.mayBeCleared(name));
  if (cleared.length > 0 && events.length > 1) {
    context.assume('coarser', 'events that may be cleared are waited for one after the other before a start', first.place);
    // One may come, and be cleared again, or come no more, before the model waits for it.
    context.assume('left_out', `that \`${work.name}\` waits for all of its events at once before its start, of which some may be cleared`, first.place);
  }
  // The times of all begin together in a run, so that of those that are waited for one after the other each may be over at once.
  const misses = (timed: WorkPlan['waitFor']): ReturnType<typeof exactMissAtStart> => (cleared.length > 0 && events.length > 1 ? {} : exactMissAtStart(context, timed));
  const together = awaitTogether(
    lasting.map(({ name, timeoutMs, place }) => ({ fact: { type: 'event', event: name }, isTimed: timeoutMs !== null, failsRun: !isOutcomeEvent(context, name), place })),
    misses(lasting.filter(({ timeoutMs }) => timeoutMs !== null)),
    refusals,
  );
  const one = (event: WorkPlan['waitFor'][number]): Statement => {
    const { name, timeoutMs, place } = event;
    return firstOf([{ operation: { do: 'await_pulse', event: name }, next: [] }, impossible(name), ...(timeoutMs === null ? [] : [timeOut(refusals, misses([event]))])], place);
  };
  return [...together, ...cleared.map(one)];
}

/** One that only outcomes could set: its absence is an outcome, too. */
function isOutcomeEvent(context: CompileContext, event: string): boolean {
  const setters = context.actorsOf('set', event);
  return setters.length > 0 && setters.every(({ by }) => by.type === 'moment' && (by.moment === 'success' || by.moment === 'failure'));
}

function compileBarrier(context: CompileContext, { name, timeoutMs, place }: WorkPlan['waitFor'][number], refusals: Refusals): Script {
  if (context.hasUnknownParties(name)) return [];
  return [
    firstOf(
      [
        { operation: { do: 'arrive', barrier: name }, next: [] },
        { operation: { do: 'find_broken_barrier', barrier: name }, next: refusals.skipped(true) },
        ...(timeoutMs === null && !context.barrierTimes(name) ? [] : [timeOut(refusals, exactMissAtStart(context, [{ kind: 'barrier', name }]), name)]),
      ],
      place,
    ),
  ];
}
