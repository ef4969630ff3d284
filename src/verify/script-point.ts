import { invariant } from '../base/invariant.ts';
import type { Demand } from '../sync/operation.ts';
import type { Counts, Stage } from './location.ts';
import type { EndOutcome, Script, Statement } from './model.ts';

/** What surrounds the statements that an actor is at. */
export type Frame = { readonly id: number; readonly around: Point } & (
  | { readonly type: 'block' | 'attempt' }
  | { readonly type: 'loop'; readonly statement: Extract<Statement, { type: 'loop' }> }
  | { readonly type: 'repeat'; readonly statement: Extract<Statement, { type: 'repeat' }>; readonly round: number }
  | { readonly type: 'hold'; readonly statement: Extract<Statement, { type: 'hold' }> }
  | { readonly type: 'keep'; readonly statement: Extract<Statement, { type: 'keep' }> }
);

/** Where an actor stands: before the statement `index` of a block, the end of which the frame is about. */
export interface Point {
  readonly frame: Frame | null;
  readonly block: Script;
  readonly index: number;
}

/** Everything that belongs to one actor. */
export interface Local {
  readonly point: Point;
  readonly held: Counts;
  readonly inHand: Counts;
  readonly closed: ReadonlySet<string>;
  readonly stage: Stage;
  readonly outcome: EndOutcome | null;
  /** It has begun to wait, and others let it go on. */
  readonly isWaiting: boolean;
  /** Entries into a reentrant lock, beside one, that it has given up to wait at a condition, and takes again with that. */
  readonly givenUp: number;
}

/** What has happened on the way to a point, beside the operation that led there. */
export interface Gathered {
  readonly sets: readonly string[];
  readonly done: Counts;
  readonly lost: Counts;
  readonly stopsRun: boolean;
  readonly ends?: EndOutcome;
}

/** Nothing has. */
export const nothingGathered: Gathered = { sets: [], done: new Map(), lost: new Map(), stopsRun: false };

/** An actor at rest, with what led it there. */
export interface Settled {
  readonly local: Local;
  readonly gathered: Gathered;
}

/** What leads out of several frames at once. */
type WayOut = Extract<Statement, { type: 'leave' | 'fail' | 'finish' | 'end' }>;

/** Whether somebody who goes out of a frame, with what he holds then, stops behind it. */
type StopsBehind = (local: Local, frame: Frame) => boolean;

type OnItsWay = Settled & { readonly isOnItsWay?: true };

const failure: readonly [Extract<Statement, { type: 'fail' }>] = [{ type: 'fail', endsAll: false }];

/** More jumps than this in a row are a loop in which nothing is done. */
const maxJumps = 10_000;

type FrameBody =
  | Omit<Extract<Frame, { type: 'block' | 'attempt' }>, 'id' | 'around'>
  | Omit<Extract<Frame, { type: 'loop' }>, 'id' | 'around'>
  | Omit<Extract<Frame, { type: 'repeat' }>, 'id' | 'around'>
  | Omit<Extract<Frame, { type: 'hold' }>, 'id' | 'around'>
  | Omit<Extract<Frame, { type: 'keep' }>, 'id' | 'around'>;

/**
 * Moves through a script from one choice to the next. Loops, the ends of blocks, failures and the like
 * take no step of their own: they belong to the operation before them.
 */
export class ScriptPoints {
  readonly #isClosedForGood: (queue: string) => boolean;
  readonly #isSeen: (name: string) => boolean;
  readonly #isEndSeen: boolean;
  /** What is left of a way out of several frames behind some of them, by what leads that way and the loops that are left. */
  readonly #waysOut = new Map<WayOut, Script[]>();
  readonly #blocks = new Map<Script, number>();
  readonly #frames = new Map<string, Frame>();

  /**
   * @param isClosedForGood whether what an attempt has closed the next one has, too
   * @param isSeen whether others see how long somebody holds some of that, or has it in hand
   * @param isEndSeen whether they see when it ends
   */
  constructor(isClosedForGood: (queue: string) => boolean, isSeen: (name: string) => boolean, isEndSeen: boolean) {
    this.#isClosedForGood = isClosedForGood;
    this.#isEndSeen = isEndSeen;
    this.#isSeen = isSeen;
  }

  /** A text that is the same for the same point, and for no other. */
  keyOf({ frame, block, index }: Point): string {
    let number = this.#blocks.get(block);
    if (number === undefined) {
      number = this.#blocks.size;
      this.#blocks.set(block, number);
    }
    return `${frame === null ? '' : String(frame.id)}.${String(number)}.${String(index)}`;
  }

  /** The begin of a block that goes on behind `around` when it is over. */
  enter(around: Point, block: Script, body: FrameBody): Point {
    const round = body.type === 'repeat' ? body.round : 0;
    const key = `${this.keyOf(around)}/${this.keyOf({ frame: null, block, index: 0 })}/${body.type}${String(round)}`;
    let frame = this.#frames.get(key);
    if (frame === undefined) {
      frame = { ...body, id: this.#frames.size, around };
      this.#frames.set(key, frame);
    }
    return { frame, block, index: 0 };
  }

  /** Goes on to where the actor has something to do, or has ended. */
  settle(start: Local, before: Gathered): Settled {
    return this.#goOn(start, before, () => false);
  }

  /** The same up to where it has given back some of what others see, on a way out of several frames: a run does that one after the other. */
  settleOneByOne(start: Local, before: Gathered): Settled {
    const isSeenLater = ({ held, inHand }: Local): boolean => this.#isEndSeen || [...held.keys(), ...inHand.keys()].some(this.#isSeen);
    return this.#goOn(start, before, (local, frame) => (frame.type === 'keep' || (frame.type === 'hold' && frame.statement.demands.length > 0)) && isSeenLater(local));
  }

  /** It is about to give up where it is, and fails. */
  failing(local: Local): Local {
    return { ...local, point: this.enter(local.point, failure, { type: 'block' }) };
  }

  #goOn(start: Local, before: Gathered, stopsBehind: StopsBehind): Settled {
    let at: Settled = { local: start, gathered: before };
    for (let jumps = 0, next = this.#jump(at, stopsBehind); next !== null; jumps += 1, next = this.#jump(at, stopsBehind)) {
      invariant(jumps < maxJumps, 'a loop of a script does something');
      at = next;
      if (next.isOnItsWay === true) return { local: next.local, gathered: next.gathered };
    }
    return at;
  }

  /** Behind a frame on the way out, where that is not gone at once. */
  #behind({ local, gathered }: Settled, { around }: Frame, wayOut: WayOut, loops = 0): OnItsWay {
    const known = this.#waysOut.get(wayOut) ?? [];
    const rest = known[loops] ?? [wayOut.type === 'leave' ? { ...wayOut, loops } : wayOut];
    known[loops] = rest;
    this.#waysOut.set(wayOut, known);
    return { gathered, local: { ...local, point: this.enter(around, rest, { type: 'block' }) }, isOnItsWay: true };
  }

  /** null where it rests. */
  #jump(at: Settled, stopsBehind: StopsBehind): OnItsWay | null {
    const { local } = at;
    if (local.outcome !== null) return null;
    const { point } = local;
    const statement = point.block[point.index];
    if (statement === undefined) return this.#endOfBlock(at);
    const behind: Point = { ...point, index: point.index + 1 };
    const goTo = (next: Point): Settled => ({ ...at, local: { ...local, point: next } });
    switch (statement.type) {
      case 'choose':
        return null;
      case 'loop':
        return goTo(this.enter(behind, statement.body, { type: 'loop', statement }));
      case 'repeat':
        return goTo(statement.rounds === 0 ? behind : this.enter(behind, statement.body, { type: 'repeat', statement, round: 0 }));
      case 'hold':
        return goTo(this.enter(behind, statement.body, { type: 'hold', statement }));
      case 'keep':
        return goTo(this.enter(behind, statement.body, { type: 'keep', statement }));
      case 'attempt':
        return goTo(this.enter(behind, statement.body, { type: 'attempt' }));
      case 'leave':
        return this.#leave(at, statement, stopsBehind);
      case 'fail':
        return this.#fail(at, statement, stopsBehind);
      case 'finish':
        return this.#finish(at, statement, stopsBehind);
      case 'end':
        return this.#end(at, statement, stopsBehind);
    }
  }

  #endOfBlock(at: Settled): Settled | null {
    const { local } = at;
    const { frame } = local.point;
    switch (frame?.type) {
      case undefined:
        return end(at, { type: 'end', outcome: 'succeeded', sets: [], stopsRun: false });
      case 'block':
      case 'attempt':
        return { ...at, local: { ...local, point: frame.around } };
      case 'loop':
        return { ...at, local: { ...local, point: { ...local.point, index: 0 } } };
      case 'repeat': {
        const round = frame.round + 1;
        const { statement, around } = frame;
        const point = round < statement.rounds ? this.enter(around, statement.body, { type: 'repeat', statement, round }) : around;
        return { ...at, local: { ...local, point } };
      }
      case 'hold':
      case 'keep':
        return null;
    }
  }

  /** Goes behind a loop. One around a whole attempt or task is none of its steps. */
  #leave(at: Settled, wayOut: Extract<Statement, { type: 'leave' }>, stopsBehind: StopsBehind): OnItsWay {
    const { loops = 1, next = [] } = wayOut;
    if (!isInLoops(at.local.point, loops)) return this.#fail(at, failure[0], stopsBehind);
    let left = at;
    let around = loops;
    for (let { frame } = at.local.point; frame !== null; { frame } = frame.around) {
      left = givenBack(left, frame);
      if (frame.type === 'loop' || frame.type === 'repeat') around -= 1;
      if (around === 0) {
        const point = next.length === 0 ? frame.around : this.enter(frame.around, next, { type: 'block' });
        return { ...left, local: { ...left.local, point } };
      }
      if (stopsBehind(left.local, frame)) return this.#behind(left, frame, wayOut, around);
    }
    return left;
  }

  /** Goes to what comes after a failure. Whoever does not let it pass loses what he has in hand, as by his death (language page, "In hand"), and gives back all that he holds at once. */
  #fail(at: Settled, wayOut: Extract<Statement, { type: 'fail' }>, stopsBehind: StopsBehind): OnItsWay {
    const { endsAll, isExit = false } = wayOut;
    const isInTurn = isExit || (!endsAll && isCaught(at.local.point));
    let left = at;
    for (let { frame } = at.local.point; frame !== null; { frame } = frame.around) {
      left = isInTurn ? givenBack(left, frame) : lostWith(left, frame);
      if (frame.type === 'attempt' && (!endsAll || isForAll(attemptOf(frame.around)))) return this.#afterFailure(left, frame.around);
      if (isInTurn && stopsBehind(left.local, frame)) return this.#behind(left, frame, wayOut);
    }
    return end(left, { type: 'end', outcome: 'failed', sets: [], stopsRun: false });
  }

  /** Goes behind an attempt that drops something, as if that had come to its end. */
  #finish(at: Settled, wayOut: Extract<Statement, { type: 'finish' }>, stopsBehind: StopsBehind): OnItsWay {
    const { isKilled = false } = wayOut;
    let left = at;
    for (let { frame } = at.local.point; frame !== null; { frame } = frame.around) {
      left = isKilled ? lostWith(left, frame) : givenBack(left, frame);
      if (frame.type === 'attempt' && attemptOf(frame.around).drops !== 'nothing') return this.#drop(left, attemptOf(frame.around), frame.around);
      if (!isKilled && stopsBehind(left.local, frame)) return this.#behind(left, frame, wayOut);
    }
    return end(left, { type: 'end', outcome: 'succeeded', sets: [], stopsRun: false });
  }

  /** Whoever ends on purpose gives back what belongs to the steps and loops around before. */
  #end(at: Settled, wayOut: Extract<Statement, { type: 'end' }>, stopsBehind: StopsBehind): OnItsWay {
    let left = at;
    for (let { frame } = at.local.point; frame !== null; { frame } = frame.around) {
      left = givenBack(left, frame);
      if (stopsBehind(left.local, frame)) return this.#behind(left, frame, wayOut);
    }
    return end(left, wayOut);
  }

  #afterFailure({ local, gathered }: Settled, around: Point): Settled {
    const statement = attemptOf(around);
    const { sets = [] } = statement;
    const point = this.enter(around, statement.onFailure, { type: 'block' });
    return this.#drop({ local, gathered: sets.length === 0 ? gathered : { ...gathered, sets: [...gathered.sets, ...sets] } }, statement, point);
  }

  #drop({ local, gathered }: Settled, statement: Extract<Statement, { type: 'attempt' }>, point: Point): Settled {
    if (statement.drops === 'nothing') return { gathered, local: { ...local, point } };
    const closed = new Set([...local.closed].filter((queue) => this.#isClosedForGood(queue)));
    const kept = keptAround(point, local.inHand);
    return {
      gathered: { ...gathered, lost: plus(gathered.lost, [...minus(local.inHand, [...kept])]) },
      local: { ...local, point, held: new Map(), givenUp: 0, inHand: kept, closed },
    };
  }
}

/** What an attempt goes on with after a failure is read off the statement before the point behind it. */
function attemptOf(behind: Point): Extract<Statement, { type: 'attempt' }> {
  const statement = behind.block[behind.index - 1];
  invariant(statement?.type === 'attempt', 'an attempt goes on behind its statement');
  return statement;
}

/** Whether a failure is over with a step that tolerates it. */
function isCaught({ frame: inner }: Point): boolean {
  for (let frame = inner; frame !== null; { frame } = frame.around) if (frame.type === 'attempt') return !isForAll(attemptOf(frame.around));
  return false;
}

/** What somebody has in hand that belongs to something around: so has whoever works on a task the item that it is about. */
function keptAround({ frame: inner }: Point, inHand: Counts): Counts {
  const kept = new Map<string, number>();
  for (let frame = inner; frame !== null; { frame } = frame.around) {
    if (frame.type !== 'keep') continue;
    const { queue } = frame.statement;
    kept.set(queue, Math.min((kept.get(queue) ?? 0) + 1, inHand.get(queue) ?? 0));
  }
  return kept;
}

/** Whether there are so many loops around, none of which is one around a whole attempt or task. */
function isInLoops({ frame: inner }: Point, loops: number): boolean {
  let left = loops;
  for (let frame = inner; frame !== null && left > 0; { frame } = frame.around) {
    if (frame.type === 'loop' || frame.type === 'repeat') left -= 1;
    else if (frame.type === 'attempt' && attemptOf(frame.around).drops !== 'nothing') return false;
  }
  return left === 0;
}

function isForAll({ drops, endsAll }: Extract<Statement, { type: 'attempt' }>): boolean {
  return drops !== 'nothing' || endsAll === true;
}

/** Whoever leaves a frame before its end gives back what belongs to that. */
function givenBack(at: Settled, frame: Frame): Settled {
  switch (frame.type) {
    case 'hold':
      return released(at, frame.statement.demands);
    case 'keep':
      return itemDone(at, frame.statement.queue);
    default:
      return at;
  }
}

/** Whoever is over before its end has not done what it has in hand. */
function lostWith(at: Settled, frame: Frame): Settled {
  return frame.type === 'keep' ? itemLost(at, frame.statement.queue) : givenBack(at, frame);
}

function released({ local, gathered }: Settled, demands: readonly Demand[]): Settled {
  return { gathered, local: { ...local, held: minus(local.held, demands.map(({ name, permits }) => [name, permits])) } };
}

function itemDone({ local, gathered }: Settled, queue: string): Settled {
  return {
    local: { ...local, inHand: minus(local.inHand, [[queue, 1]]) },
    gathered: { ...gathered, done: plus(gathered.done, [[queue, 1]]) },
  };
}

/** One that it does not have any more, be it that it was done with it on its way, is not lost. */
function itemLost({ local, gathered }: Settled, queue: string): Settled {
  if ((local.inHand.get(queue) ?? 0) === 0) return { local, gathered };
  return {
    local: { ...local, inHand: minus(local.inHand, [[queue, 1]]) },
    gathered: { ...gathered, lost: plus(gathered.lost, [[queue, 1]]) },
  };
}

/** All who have ended alike are at the same point. */
export const atEnd: Pick<Local, 'point' | 'held' | 'inHand' | 'closed' | 'givenUp'> = { point: { frame: null, block: [], index: 0 }, held: new Map(), inHand: new Map(), closed: new Set(), givenUp: 0 };

function end({ local, gathered }: Settled, { outcome, sets, stopsRun }: Extract<Statement, { type: 'end' }>): Settled {
  return {
    local: { ...local, ...atEnd, outcome },
    gathered: {
      ...gathered,
      sets: sets.length === 0 ? gathered.sets : [...gathered.sets, ...sets],
      lost: plus(gathered.lost, [...local.inHand]),
      stopsRun: gathered.stopsRun || stopsRun,
      ends: outcome,
    },
  };
}

/** With so much more. */
export function plus(counts: Counts, more: readonly (readonly [string, number])[]): Counts {
  if (more.length === 0) return counts;
  const sum = new Map(counts);
  for (const [name, count] of more) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

/** With so much less, and never less than nothing. */
export function minus(counts: Counts, less: readonly (readonly [string, number])[]): Counts {
  if (counts.size === 0) return counts;
  const rest = new Map(counts);
  for (const [name, count] of less) {
    const left = (rest.get(name) ?? 0) - count;
    if (left > 0) rest.set(name, left);
    else rest.delete(name);
  }
  return rest;
}
