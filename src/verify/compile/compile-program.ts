import type { Place } from '../../base/place.ts';
import type { Actor, InstancePlan, WorkPlan } from '../../plan/plan.ts';
import type { Deed, Lasting, ProgramChoice, Script, Statement, Way } from '../model.ts';
import { does, either, firstOf, forever, programChooses, releases } from '../script-words.ts';
import { type CompileContext, taskQueue } from './compile-context.ts';

type Choice = readonly [ProgramChoice, Script];

/** A program that is run: what it may do is declared, when and how often is up to it. */
export interface Program {
  /** The instance or pool that declares it. */
  readonly who: string;
  /** The streams, where they belong to this very program. */
  readonly streams: Pick<WorkPlan, 'stdin' | 'stdout' | 'stderr'> | null;
  readonly work: WorkPlan;
  /** It does not end by itself. */
  readonly isEndless: boolean;
  /** What happens where it fails; null where that does not matter. */
  readonly onFailure: Script | null;
  /** Others go on in its name after it, so that it matters what it has closed. */
  readonly isFollowed?: boolean;
  /** What follows where it is stopped since it has taken too long, for each limit of time that it has. */
  readonly overTime?: readonly Script[];
}

/**
 * A command as one who may do at any time what it declares, before it ends. Each choice is its own and
 * comes before the wait, so that it may well wait for something that never comes.
 */
export function compileProgram(context: CompileContext, program: Program): Script {
  const { work, streams, isEndless, onFailure } = program;
  context.assumePrograms(work.place);
  const late = (program.overTime ?? []).map((next): Way => ({ operation: { do: 'time_out', breaks: null }, next }));
  const deeds = [...context.usesOf(program.who).flatMap((use) => compileUse(context, work, use, late)), ...declaredHolds(context, program, late), ...outputs(streams, work.place, late)];
  const acts = deeds.map((deed): Choice => ['acts', deed]);
  const failure: readonly Choice[] = onFailure === null ? [] : [['fails', onFailure]];
  const input = streams?.stdin.type === 'queue' ? streams.stdin.queue : null;
  const until = (extra: readonly Choice[]): Statement => forever([programChooses([...acts, ...extra, ...failure], work.place)]);
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
  if (isEndless) return deeds.length === 0 ? [...reads, firstOf(late, work.place)] : [...reads, until([])];
  if (deeds.length === 0) return [...reads, programChooses([['ends', []], ...failure], work.place)];
  return [...reads, until([['ends', [{ type: 'leave' }]]]), ...(program.isFollowed === true ? closings(context, program) : [])];
}

/** At its end it may have closed each thing that it puts into or submits to. */
function closings(context: CompileContext, { who, work }: Program): Script {
  const uses = context.usesOf(who).filter(({ action }) => action === 'put' || action === 'submit');
  const queues = uses.map(({ action, name }) => (action === 'put' ? name : taskQueue(name)));
  return queues.map((queue) => either([[], [does({ do: 'close', queues: [queue], byProgram: true }, work.place)]], work.place));
}

function outputs(streams: Program['streams'], place: Place, late: readonly Way[]): readonly Script[] {
  if (streams === null) return [];
  return (['stdout', 'stderr'] as const).flatMap((name) => {
    const stream = streams[name];
    return stream.type === 'queue' ? [[puts(stream.queue, [...place, name], late)]] : [];
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

function declaredHolds(context: CompileContext, { work, who }: Program, late: readonly Way[]): readonly Script[] {
  if (work.declaredHolds.length > 1) context.assume('assumed', `the program of \`${who}\` takes one of its declared locks at a time`, work.place);
  return work.declaredHolds.map((name) => {
    const demands = [{ name, permits: 1 }];
    const place = [...work.place, 'uses', name];
    return [firstOf([{ operation: { do: 'acquire', demands, isTimed: late.length > 0 }, next: [] }, ...late], place), releases(demands, place)];
  });
}

/** What an instance may do to its end: what its programs use, and what its steps do where there may be another attempt. */
export function lastingDeeds(context: CompileContext, { name: who, restart }: InstancePlan): readonly Lasting[] {
  return context.plan.actors.flatMap((actor): readonly Lasting[] => {
    const isUsed = actor.by.type === 'uses';
    if (actor.who !== who || (!isUsed && (actor.by.type !== 'steps' || restart === 'no'))) return [];
    // Nobody knows how many of its threads come to a barrier.
    if (isUsed && actor.action === 'wait' && context.hasUnknownParties(actor.name)) return [];
    const deed: Deed = actor.action === 'submit' ? `put:${taskQueue(actor.name)}` : `${actor.action}:${actor.name}`;
    return [{ deed, untilClosed: isUsed }];
  });
}

function compileUse(context: CompileContext, work: WorkPlan, { action, name, place }: Actor, late: readonly Way[]): readonly Script[] {
  switch (action) {
    case 'put':
      return [[puts(name, place, late)]];
    case 'get': {
      const keeps = context.handsMatter(name) && work.taskDoneQueues.includes(name);
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
      ];
    case 'notify':
      context.assume('assumed', 'a program that notifies a condition holds its lock only while it does', place);
      return [[does({ do: 'notify', condition: name, count: 'all' }, place)], [does({ do: 'notify', condition: name, count: 1 }, place)]];
    case 'submit':
      context.assume('assumed', 'programs do not wait for the results of tasks that they submit', place);
      return [[puts(taskQueue(name), place, late)]];
    case 'start': {
      context.assume('assumed', 'programs that may start a process do not restart it while it runs', place);
      const actors = [name];
      return [
        [
          firstOf(
            [
              { operation: { do: 'start', actors }, next: [] },
              { operation: { do: 'find_alive', actors }, next: [] },
            ],
            place,
          ),
        ],
        [does({ do: 'stop', actors: stoppedWith(context, name), step: 'terminate' }, place)],
      ];
    }
  }
}

/** Who ends where a process or pool is ended: of a pool, all that work for it. */
export function stoppedWith(context: CompileContext, name: string): readonly string[] {
  const pool = context.pool(name);
  return pool === undefined ? [name] : [name, ...Array.from({ length: pool.workers }, (_, index) => `${name}-${String(index + 1)}`)];
}
