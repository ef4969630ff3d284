import type { Place } from '../../base/place.ts';
import { hasQueueStream } from '../../plan/has-queue-stream.ts';
import type { Actor, InstancePlan, PoolPlan, WorkPlan } from '../../plan/plan.ts';
import type { Demand } from '../../sync/operation.ts';
import type { Deed, Lasting, ProgramChoice, Script, Statement, Way } from '../model.ts';
import { does, either, firstOf, forever, programWays, releases } from '../script-words.ts';
import { slotsOf } from '../../plan/slots-of.ts';
import { type CompileContext, taskQueue } from './compile-context.ts';

/** The whole run is over with it. */
export const endsRun: Way = { operation: { do: 'nothing', endsRun: true }, next: [{ type: 'end', outcome: 'stopped', sets: [], stopsRun: true }] };

type Choice = readonly [ProgramChoice, Script];

/** A program that is run: what it may do is declared, when and how often is up to it. */
export interface Program {
  /** The instance or pool that declares it. */
  readonly who: string;
  /** The streams, where they belong to this very program. */
  readonly streams: Pick<WorkPlan, 'stdin' | 'stdout' | 'stderr'> | null;
  readonly work: InstancePlan | PoolPlan;
  /** Where it is written that it is run. */
  readonly place: Place;
  /** It does not end by itself. */
  readonly isEndless: boolean;
  /** What happens where it fails; null where that does not matter. */
  readonly onFailure: Script | null;
  /** Others go on in its name after it, so that it matters what it has closed. */
  readonly isFollowed?: boolean;
  /** It is seen to ask for the end of the whole run. */
  readonly endsRun?: boolean;
  /** What else may cut it short, whatever it is about to do. */
  readonly cuts?: readonly Way[];
  /** What its time leads to, which may be over wherever it is; of one that is in so many loops of its own. */
  readonly late: (loops: number) => readonly Way[];
}

/** What its time leads to where that is the same wherever it is. */
export function lateTo(hasTime: boolean, next: Script): Program['late'] {
  const ways = hasTime ? programWays([['is_late', next]]) : [];
  return () => ways;
}

/**
 * A command as one who may do at any time what it declares, before it ends. Each choice is its own and
 * comes before the wait, so that it may well wait for something that never comes.
 */
export function compileProgram(context: CompileContext, program: Program): Script {
  const { work, place, streams, isEndless, onFailure } = program;
  context.assumePrograms(work.place);
  if (mayGoOnClosed(context, program)) context.assume('assumed', 'programs close what they put into or submit to at their end, and not before', work.place);
  const late = program.late(1);
  const deeds = [...context.usesOf(program.who).flatMap((use) => compileUse(context, program, use)), ...declaredHolds(context, program), ...outputs(streams, place)];
  const acts = deeds.map((deed): Choice => ['acts', deed]);
  const failure: readonly Choice[] = onFailure === null ? [] : [['fails', onFailure]];
  const input = streams?.stdin.type === 'queue' ? streams.stdin.queue : null;
  const chooses = (choices: readonly Choice[], ways: readonly Way[]): Statement => firstOf([...programWays([...choices, ...failure]), ...(program.cuts ?? []), ...(program.endsRun === true ? [endsRun] : []), ...ways], place);
  const until = (extra: readonly Choice[]): Statement => forever([chooses([...acts, ...extra], late)]);
  const reads: Script =
    input === null
      ? []
      : [
          until([
            [
              'acts',
              [
                firstOf(
                  [
                    { operation: { do: 'get', queue: input, keeps: false }, next: [] },
                    { operation: { do: 'find_end', queues: [input] }, next: [{ type: 'leave' }] },
                    ...late,
                  ],
                  [...work.place, 'stdin'],
                ),
              ],
            ],
          ]),
        ];
  if (input !== null) context.assume('assumed', `\`${program.who}\` reads its input to the end`, work.place);
  if (isEndless) return deeds.length === 0 ? [...reads, firstOf(program.late(0), place)] : [...reads, until([])];
  if (deeds.length === 0) return [...reads, chooses([['ends', []]], program.late(0))];
  return [...reads, until([['ends', [{ type: 'leave' }]]]), ...(program.isFollowed === true ? closings(context, program) : [])];
}

/** Whether it matters that a program has closed what it puts into or submits to: others go on with that, and it may still do something that they see. */
function mayGoOnClosed(context: CompileContext, { who, work, streams }: Program): boolean {
  const uses = context.usesOf(who);
  return uses.some(({ action }) => action === 'put' || action === 'submit') && (uses.length + work.declaredHolds.length + work.holds.length > 1 || isFed(streams));
}

function isFed(streams: Program['streams']): boolean {
  return streams !== null && hasQueueStream(streams);
}

/** At its end it may have closed each thing that it puts into or submits to. */
function closings(context: CompileContext, { who, work }: Program): Script {
  const uses = context.usesOf(who).filter(({ action }) => action === 'put' || action === 'submit');
  const queues = uses.map(({ action, name }) => (action === 'put' ? name : taskQueue(name)));
  return queues.map((queue) => either([[], [does({ do: 'close', queues: [queue], byProgram: true }, work.place)]], work.place));
}

/** What it has written waits for room as long as it takes, also when its own time is over. */
function outputs(streams: Program['streams'], place: Place): readonly Script[] {
  if (streams === null) return [];
  return (['stdout', 'stderr'] as const).flatMap((name) => {
    const stream = streams[name];
    return stream.type === 'queue' ? [[puts(stream.queue, [...place, name], [])]] : [];
  });
}

function puts(queue: string, place: Place, late: readonly Way[]): Statement {
  return firstOf(
    [
      { operation: { do: 'put', queue }, next: [] },
      { operation: { do: 'find_broken_queue', queue }, next: [] },
      ...late,
    ],
    place,
  );
}

function declaredHolds(context: CompileContext, { work, who, late, streams }: Program): readonly Script[] {
  if (work.declaredHolds.length > 0 && mayWaitBeside(context, work, who, streams)) {
    if (work.declaredHolds.length > 1 && context.isInRing(work)) context.assume('left_out', `the order in which the program of \`${who}\` takes its declared locks, and what it waits for while it has any`, work.place);
    else context.assume('assumed', `the program of \`${who}\` gives back what it has taken of its declared locks before anything else is waited for`, work.place);
  }
  return work.declaredHolds.map((name) => {
    const place: Place = [...work.place, 'uses', name];
    if (context.isSemaphore(name)) context.assume('assumed', `the program of \`${who}\` takes one permit of \`${name}\` at a time, and releases only what it has taken`, place);
    const demands = [{ name, permits: 1 }];
    const release = [releases(demands, place)];
    // Where others have given back what it has, that is refused; and so it is to take any where there are none. Whether it goes on then is up to it.
    const isReentrant = context.plan.primitives.some((primitive) => primitive.name === name && primitive.kind === 'lock' && primitive.reentrant);
    const taken = [taking(demands, place, late(1), isReentrant), ...(context.isLoose(name) ? goesOn(release) : release)];
    return context.plan.primitives.some((primitive) => primitive.name === name && primitive.kind === 'semaphore' && primitive.bounded && primitive.permits === 0) ? goesOn(taken) : taken;
  });
}

/** Whether a program, or what comes behind it in its name, may wait for anything beside one lock that it declares, be it another one, or its next task. */
function mayWaitBeside(context: CompileContext, work: Program['work'], who: string, streams: Program['streams']): boolean {
  return work.declaredHolds.length > 1 || work.body.type !== 'command' || isFed(streams) || context.usesOf(who).length > 0;
}

/** Also where it fails. */
function goesOn(body: Script): Script {
  return [{ type: 'attempt', drops: 'nothing', body, onFailure: [] }];
}

function taking(demands: readonly Demand[], place: Place, late: readonly Way[], isOther = false): Statement {
  return firstOf([{ operation: { do: 'acquire', demands, isTimed: late.length > 0, isOther }, next: [] }, ...late], place);
}

function holding(demands: readonly Demand[], body: Script, place: Place, late: readonly Way[]): Script {
  return [taking(demands, place, late), ...body, releases(demands, place)];
}

/** What an instance may do to its end: what its programs use, and what its steps do where there may be another attempt. */
export function lastingDeeds(context: CompileContext, { name: who, restart }: InstancePlan): readonly Lasting[] {
  return context.plan.actors.flatMap((actor): readonly Lasting[] => {
    const isUsed = actor.by.type === 'uses';
    if (actor.who !== who || (!isUsed && (actor.by.type !== 'steps' || restart === 'no'))) return [];
    // Nobody knows how many of its threads come to a barrier.
    if (isUsed && actor.action === 'wait' && context.hasUnknownParties(actor.name)) return [];
    return [{ deed: deedOf(context, actor), untilClosed: isUsed }];
  });
}

/** As what others may wait for what somebody does. */
export function deedOf(context: CompileContext, { action, name }: Actor): Deed {
  return action === 'submit' ? `put:${context.submitQueue(name)}` : `${action}:${name}`;
}

function compileUse(context: CompileContext, program: Program, { action, name, place }: Actor): readonly Script[] {
  const { work } = program;
  const late = program.late(1);
  switch (action) {
    case 'put':
      return [[puts(name, place, late)]];
    case 'get': {
      const keeps = context.handsMatter(name) && work.taskDoneQueues.includes(name);
      if (keeps) context.assume('assumed', `the program of \`${program.who}\` is done with an item of \`${name}\` before it waits for anything else`, place);
      return [
        [
          firstOf(
            [
              { operation: { do: 'get', queue: name, keeps }, next: keeps ? [does({ do: 'item_done', queue: name }, place)] : [] },
              { operation: { do: 'find_end', queues: [name] }, next: [] },
              ...late,
            ],
            place,
          ),
        ],
      ];
    }
    case 'set':
      return [[does({ do: 'set', event: name }, place)], [does({ do: 'clear', event: name }, place)]];
    case 'wait':
      if (context.hasUnknownParties(name)) return [];
      return [
        [
          firstOf(
            [
              { operation: { do: 'arrive', barrier: name }, next: [] },
              { operation: { do: 'find_broken_barrier', barrier: name }, next: [] },
              ...late,
            ],
            place,
          ),
        ],
        [does({ do: 'break', barrier: name }, place)],
        [does({ do: 'reset', barrier: name }, place)],
      ];
    case 'notify': {
      context.assume('assumed', 'a program that notifies a condition holds its lock only while it does', place);
      const lock = context.lockOf(name);
      return (['all', 1] as const).map((count) => holding([{ name: lock, permits: 1 }], [does({ do: 'notify', condition: name, count, lock }, place)], place, late));
    }
    case 'submit':
      context.assume('assumed', 'programs do not wait for the results of tasks that they submit', place);
      return [[puts(taskQueue(name), place, late)]];
    case 'start': {
      context.assume('assumed', 'programs that may start a process do not restart it while it runs', place);
      return [
        [
          firstOf(
            [
              { operation: { do: 'start', actors: withSlots(context, name) }, next: [] },
              { operation: { do: 'find_alive', actors: [name] }, next: [] },
            ],
            place,
          ),
        ],
        [does({ do: 'stop', actors: withSlots(context, name), step: 'terminate' }, place)],
      ];
    }
  }
}

/** Who is started and ended with a process or pool: of a pool, all that work for it. */
export function withSlots(context: CompileContext, name: string): readonly string[] {
  const pool = context.pool(name);
  return pool === undefined ? [name] : [name, ...slotsOf(pool)];
}
