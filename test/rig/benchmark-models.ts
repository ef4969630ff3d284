/* The models of the literature with known numbers of states, in the form that a plan is compiled to. */
import type { Actor, Model, Resource, Script, Way } from '../../src/verify/model.ts';
import { acquires, does, firstOf, forever, releases } from '../../src/verify/script-words.ts';
import type { Demand } from '../../src/sync/operation.ts';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

export function actor(name: string, script: Script): Actor {
  return { name, isDaemon: false, isIdle: false, script, setsWhenStopped: [], setsAtMoments: { started: [], ready: [], ended: [] }, lasting: [] };
}

export function lock(name: string): Resource {
  return { kind: 'permits', name, permits: 1, isLock: true, reentrant: false, fair: false };
}

export function semaphore(name: string, permits: number, fair = false): Resource {
  return { kind: 'permits', name, permits, isLock: false, reentrant: false, fair };
}

export function queue(name: string, capacity: number | null, items = 0): Resource {
  return { kind: 'queue', name, capacity, items, redelivers: false, ends: null };
}

export function one(name: string, permits = 1): Demand {
  return { name, permits };
}

const fork = (index: number, count: number): string => `fork-${String(index % count)}`;
const forks = (count: number): readonly Resource[] => range(count).map((index) => lock(fork(index, count)));

/** Takes one fork after the other and puts them down one by one; `first` and `second` are which. */
function eats(first: string, second: string): Script {
  return [acquires([one(first)]), acquires([one(second)]), releases([one(first)]), releases([one(second)])];
}

function philosophers(count: number, script: (left: string, right: string, index: number) => Script, more: readonly Resource[] = []): Model {
  return {
    resources: [...forks(count), ...more],
    actors: range(count).map((index) => actor(`philosopher-${String(index)}`, script(fork(index, count), fork(index + 1, count), index))),
  };
}

function bothInAnyOrder(left: string, right: string): Script {
  const way = (first: string, second: string): Way => ({ operation: { do: 'acquire', demands: [one(first)] }, next: [acquires([one(second)])] });
  return [firstOf([way(left, right), way(right, left)])];
}

/** Model-checking contest: either fork first, both put down at once. */
export const eitherForkFirst = (count: number): Model =>
  philosophers(count, (left, right) => [
    forever([...bothInAnyOrder(left, right), releases([one(left), one(right)])]),
  ]);

/** BEEM `phils`: left fork first, put down one by one. */
export const leftForkFirst = (count: number): Model => philosophers(count, (left, right) => [forever(eats(left, right))]);

/** BEEM `phils.3`: one of them takes the right fork first. */
export const oneLeftHanded = (count: number): Model =>
  philosophers(count, (left, right, index) => [forever(index === 0 ? eats(right, left) : eats(left, right))]);

/** BEEM `phils.2`: only so many are in the room. */
export const roomTicket = (count: number, room: number): Model =>
  philosophers(
    count,
    (left, right) => [forever([acquires([one('room')]), acquires([one(left)]), acquires([one(right)]), releases([one(left)]), releases([one(right), one('room')])])],
    [semaphore('room', room)],
  );

/** SMART: once hungry, a philosopher picks the forks up independently of each other, and puts both down at once. */
export const forksInParallel = (count: number): Model =>
  philosophers(count, (left, right) => [
    forever([does({ do: 'nothing' }), ...bothInAnyOrder(left, right), releases([one(left), one(right)])]),
  ]);

/** Each eats once, and keeps both forks to its end. */
export const eatOnce = (count: number, isOrdered: boolean): Model =>
  philosophers(count, (left, right, index) => {
    const [first, second] = isOrdered && index === count - 1 ? [right, left] : [left, right];
    return [acquires([one(first)]), acquires([one(second)]), does({ do: 'nothing' })];
  });

/** Producers of so many items each, and consumers of so many each. */
export function boundedBuffer({ producers, consumers, items, capacity }: { readonly producers: number; readonly consumers: number; readonly items: number; readonly capacity: number }): Model {
  const each = (count: number, name: string, script: Script): readonly Actor[] => range(count).map((index) => actor(`${name}-${String(index)}`, script));
  return {
    resources: [queue('buffer', capacity)],
    actors: [
      ...each(producers, 'producer', [{ type: 'repeat', rounds: items, body: [does({ do: 'put', queue: 'buffer' })] }]),
      ...each(consumers, 'consumer', [{ type: 'repeat', rounds: (items * producers) / consumers, body: [does({ do: 'get', queue: 'buffer', keeps: false })] }]),
    ],
  };
}

/** Writers take all the permits that readers take one of: one by one, or at once. */
export function readersWriters(readers: number, writers: number, isAtOnce: boolean): Model {
  const all = one('file', readers);
  const takes = isAtOnce ? [acquires([all])] : range(readers).map(() => acquires([one('file')]));
  return {
    resources: [semaphore('file', readers)],
    actors: [
      ...range(readers).map((index) => actor(`reader-${String(index)}`, [forever([acquires([one('file')]), releases([one('file')])])])),
      ...range(writers).map((index) => actor(`writer-${String(index)}`, [forever([...takes, releases([all])])])),
    ],
  };
}

/** Milner's: a token goes round, and whoever has had it is busy for as long as it likes. */
export function cyclicScheduler(count: number): Model {
  const token = (index: number): string => `token-${String(index % count)}`;
  return {
    resources: range(count).map((index) => queue(token(index), 1, index === 0 ? 1 : 0)),
    actors: range(count).map((index) => {
      const passOn = does({ do: 'put', queue: token(index + 1) });
      const finish = does({ do: 'nothing' });
      return actor(`cell-${String(index)}`, [
        forever([
          does({ do: 'get', queue: token(index), keeps: false }),
          firstOf([
            { operation: { do: 'put', queue: token(index + 1) }, next: [finish] },
            { operation: { do: 'nothing' }, next: [passOn] },
          ]),
        ]),
      ]);
    }),
  };
}

/** The last party lets all go on with its arrival, so that one state fewer than 2^N is seen. */
export const barrierRounds = (parties: number): Model => ({
  resources: [{ kind: 'barrier', name: 'meeting', parties }],
  actors: range(parties).map((index) => actor(`party-${String(index)}`, [forever([does({ do: 'arrive', barrier: 'meeting' })])])),
});

/** Customers take a chair of the waiting room, or leave; the barber, who sleeps while nobody is there, calls one after the other to his own chair. */
export function sleepingBarber(chairs: number, customers: number): Model {
  const sitsDown: Way = { operation: { do: 'get', queue: 'free-chairs', keeps: false }, next: [does({ do: 'put', queue: 'waiting' })] };
  const leaves: Way = { operation: { do: 'nothing' }, next: [] };
  const cuts = does({ do: 'nothing' });
  const showsOut = does({ do: 'nothing' });
  return {
    resources: [queue('free-chairs', chairs, chairs), queue('waiting', chairs)],
    actors: [
      { ...actor('barber', [forever([does({ do: 'get', queue: 'waiting', keeps: false }), does({ do: 'put', queue: 'free-chairs' }), cuts, showsOut])]), isDaemon: true },
      ...range(customers).map((index) => actor(`customer-${String(index)}`, [firstOf([sitsDown, leaves])])),
    ],
  };
}

/** Outer tasks of a pool that submit an inner one to it and wait for its end. */
export const nestedPool = (workers: number, tasks: number): Model => ({
  resources: [semaphore('pool', workers)],
  actors: range(tasks).map((index) =>
    actor(`task-${String(index)}`, [acquires([one('pool')]), does({ do: 'nothing' }), acquires([one('pool')]), releases([one('pool')]), releases([one('pool')])]),
  ),
});

/** Stages of jobs; each waits for all jobs of the stage before. */
export function stagedJobs(stages: number, jobs: number): Model {
  const name = (stage: number, job: number): string => `job-${String(stage)}-${String(job)}`;
  return {
    resources: [],
    actors: range(stages).flatMap((stage) =>
      range(jobs).map((job) => {
        const before = range(stage === 0 ? 0 : jobs).map((other) => name(stage - 1, other));
        return actor(name(stage, job), [
          does({ do: 'await', facts: [{ type: 'moment', actors: before, moment: 'success' }] }),
          does({ do: 'nothing' }),
        ]);
      }),
    ),
  };
}

/** Daemon that ticks for ever beside two locks taken in opposite order: nothing is ever stuck, and yet it never ends. */
export function tickingDaemon(): Model {
  const takes = (first: string, second: string): Script => [acquires([one(first)]), acquires([one(second)]), does({ do: 'nothing' })];
  return {
    resources: [lock('A'), lock('B')],
    actors: [
      actor('one', takes('A', 'B')),
      actor('two', takes('B', 'A')),
      { ...actor('ticker', [forever([does({ do: 'nothing' }), does({ do: 'nothing' })])]), isDaemon: true },
    ],
  };
}
