import fc from 'fast-check';
import type { Actor, Fact, Model, Operation, Resource, Script, Statement, Way } from '../../src/verify/model.ts';
import { acquires, does, either, firstOf, forever, releases } from '../../src/verify/script-words.ts';
import type { Demand } from '../../src/sync/operation.ts';
import { lock, one, semaphore } from './benchmark-models.ts';

const locks = ['red', 'green', 'blue'];
const events = ['go', 'done'];
const queues = ['jobs', 'results'];
const names = ['ann', 'bob', 'cid', 'dan'];

interface Kind {
  /** Nobody starts others, clears events or notifies. */
  readonly isPlain: boolean;
  /** The seats are fair, and more is done about them. */
  readonly isFair: boolean;
  /** Seats and boats are given back by some who do not have them, too. */
  readonly isLoose?: boolean;
  /** Some wait for so long only, or for no time at all, for what they ask for, and go another way where it is not there. */
  readonly isMissing?: boolean;
  /** Some go round and round until what may never come. */
  readonly goesRound?: boolean;
}

/** Demands of what is fair, some of them together with something else. */
const fairDemands = fc.constantFrom<readonly Demand[]>([one('seats')], [one('seats')], [one('seats', 2)], [one('seats', 2)], [one('seats'), one('red')], [one('seats', 2), one('green')], [one('boats', 2)], [one('boats'), one('seats')], [one('red')]);

/** The lock comes back to whoever has waited at the condition. */
const retakes = does({ do: 'acquire', demands: [one('red')], isRetake: true });

/** Gives back what it may not have; to be refused that it lets pass, or not. */
const givenBack = fc
  .tuple(fc.constantFrom<readonly Demand[]>([one('seats')], [one('seats')], [one('seats', 2)], [one('boats')], [one('seats'), one('boats')]), fc.boolean())
  .map(([demands, isLetPass]): Script => (isLetPass ? [{ type: 'attempt', drops: 'nothing', body: [releases(demands)], onFailure: [] }] : [releases(demands)]));

/** Acquires it, for as long as it takes, for so long only, or if it can be had at once. */
const patience = fc.constantFrom('untimed', 'untimed', 'untimed', 'timed', 'tried');

function acquiresPatiently(demands: readonly Demand[], how: 'untimed' | 'timed' | 'tried', body: Script): Script {
  const next: Script = [{ type: 'hold', demands, body, place: [] }];
  if (how === 'untimed') return [acquires(demands), ...next];
  return [firstOf([{ operation: { do: 'acquire', demands, isTimed: true, isTried: how === 'tried' }, next }, { operation: { do: 'time_out', breaks: null }, next: [] }])];
}

/** Or it fails, where what it waits for can no longer come. */
function waits(fact: Fact): Statement {
  return orFails({ operation: { do: 'await', facts: [fact] }, next: [] }, { operation: { do: 'find_impossible', facts: [fact] }, next: [] });
}

function orFails(way: Way, other: Way): Statement {
  return firstOf([way, { ...other, next: [{ type: 'fail', endsAll: false }] }]);
}

/** Does something only as long as an event is not set, and else goes another way. */
function unless(event: string, operation: Operation, next: Script, other: Script): Statement {
  return firstOf([
    { operation, unless: event, next },
    { operation: { do: 'await', facts: [{ type: 'event', event }] }, next: other },
  ]);
}

/** Does it if it comes to it in time. */
function misses(operation: Operation, things: readonly string[], next: Script, other: Script): Statement {
  return firstOf([{ operation, next }, { operation: { do: 'time_out', breaks: null, misses: things }, next: other }]);
}

function missesToAcquire(demands: readonly Demand[], isTried: boolean, body: Script, other: Script): Statement {
  return misses({ do: 'acquire', demands, isTimed: true, isTried }, demands.map(({ name }) => name), [{ type: 'hold', demands, body, place: [] }], other);
}

/** Breaks it, where the others do not come in time. */
function missesMeeting(next: Script, other: Script): Statement {
  return firstOf([
    { operation: { do: 'arrive', barrier: 'meeting' }, next },
    { operation: { do: 'find_broken_barrier', barrier: 'meeting' }, next: other },
    { operation: { do: 'time_out', breaks: 'meeting', misses: ['meeting'] }, next: other },
  ]);
}

/** Goes round until a time is over of which it is not known whether that ever comes, or until a command fails that may never do so. */
function roundAndRound(operation: Operation, dice: number, body: Script): Script {
  const leaves: Script = [{ type: 'leave' }];
  const tries = firstOf([{ operation, next: body }, { operation: { do: 'time_out', breaks: null }, next: leaves }]);
  const runs = firstOf([{ operation: { do: 'nothing', program: 'ends' }, next: body }, { operation: { do: 'nothing', program: 'fails' }, next: leaves }]);
  return [forever(dice === 0 ? [runs, firstOf([{ operation, next: [] }, { operation: { do: 'time_out', breaks: null }, next: [] }])] : [tries])];
}

const pieces = (others: readonly string[], { isPlain, isFair, isLoose = false, isMissing = false, goesRound = false }: Kind): fc.Arbitrary<Script> => {
  const put = (name: string): Script => [orFails({ operation: { do: 'put', queue: name }, next: [] }, { operation: { do: 'find_broken_queue', queue: name }, next: [] })];
  const get = (name: string): Script => [orFails({ operation: { do: 'get', queue: name, keeps: false }, next: [] }, { operation: { do: 'find_end', queues: [name] }, next: [] })];
  const starting = (name: string): Script => [orFails({ operation: { do: 'start', actors: [name] }, next: [] }, { operation: { do: 'find_alive', actors: [name] }, next: [] })];
  const plain: readonly fc.Arbitrary<Script>[] = [
    fc.constantFrom(...events).map((event): Script => [does({ do: 'set', event })]),
    fc.constantFrom(...events).map((event): Script => [waits({ type: 'event', event })]),
    fc.constantFrom(...queues).map(put),
    fc.constantFrom(...queues).map(get),
    fc.constantFrom(...others).chain((name) => fc.constantFrom('exit', 'success', 'ready').map((moment): Script => [waits({ type: 'moment', actors: [name], moment })])),
    fc.constant<Script>([does({ do: 'reach', moment: 'ready', sets: [] })]),
    fc.constant<Script>([orFails({ operation: { do: 'arrive', barrier: 'meeting' }, next: [] }, { operation: { do: 'find_broken_barrier', barrier: 'meeting' }, next: [] })]),
    fc.constant<Script>([either([[], [{ type: 'fail', endsAll: false }]])]),
    fc.constantFrom(...events).chain((event) =>
      fc.oneof(
        fc.constantFrom<Operation>({ do: 'nothing' }, { do: 'set', event: 'go' }, { do: 'acquire', demands: [one('blue')] }, { do: 'acquire', demands: [one('seats')] }).map((operation): Script => [unless(event, operation, [], [])]),
        // Who may wait for an item, or for the end.
        fc.constantFrom(...queues).map((queue): Script => [firstOf([{ operation: { do: 'get', queue, keeps: false }, unless: event, next: [] }, { operation: { do: 'find_end', queues: [queue] }, next: [] }, { operation: { do: 'await', facts: [{ type: 'event', event }] }, next: [] }])]),
        // A failure that sets it, or something else that may come before.
        fc.constantFrom<Script>([either([[], [{ type: 'fail', endsAll: true }]])], [either([[{ type: 'finish' }], [{ type: 'fail', endsAll: false }]])], put('jobs'), get('results')).map((body): Script => [{ type: 'attempt', drops: 'all', body, sets: [event], onFailure: [] }]),
      ),
    ),
  ];
  const strange: readonly fc.Arbitrary<Script>[] = [
    fc.constantFrom(...others).map(starting),
    fc.constantFrom(...events).map((event): Script => [
      firstOf([
        { operation: { do: 'await_pulse', event }, next: [] },
        { operation: { do: 'find_impossible', facts: [{ type: 'event', event }] }, next: [{ type: 'fail', endsAll: false }] },
      ]),
    ]),
    fc.constantFrom(...events).map((event): Script => [does({ do: 'set', event }), does({ do: 'clear', event })]),
    // A condition of the lock `red`, which is taken for it and given up while it is waited for.
    fc.constant<Script>([
      acquires([one('red')]),
      firstOf([
        { operation: { do: 'wait_notified', condition: 'changed', lock: 'red' }, next: [retakes] },
        { operation: { do: 'find_unnotifiable', condition: 'changed' }, next: [retakes, { type: 'fail', endsAll: false }] },
      ]),
      releases([one('red')]),
    ]),
    // For no time at all, and what goes on where nobody can still notify.
    fc.constantFrom<Script>([], [{ type: 'fail', endsAll: false }]).map((late): Script => [
      acquires([one('red')]),
      firstOf([
        { operation: { do: 'wait_notified', condition: 'changed', lock: 'red', isTried: true }, next: [retakes, ...late] },
        { operation: { do: 'find_unnotifiable', condition: 'changed', isTried: true }, next: [retakes, ...late] },
      ]),
      releases([one('red')]),
    ]),
    fc.constantFrom<1 | 'all'>(1, 'all').map((count): Script => [acquires([one('red')]), does({ do: 'notify', condition: 'changed', count, lock: 'red' }), releases([one('red')])]),
  ];
  const simple = isPlain ? fc.oneof(...plain) : fc.oneof(...plain, ...strange);
  const short = fc.array(simple, { maxLength: 2 }).map((scripts) => scripts.flat());
  const holding = (body: fc.Arbitrary<Script>): fc.Arbitrary<Script> =>
    fc.tuple(fc.constantFrom(...locks), body).map(([name, inner]): Script => [acquires([one(name)]), { type: 'hold', demands: [one(name)], body: inner, place: [] }]);
  const inLine = (body: fc.Arbitrary<Script>): fc.Arbitrary<Script> => fc.tuple(fairDemands, patience, body).map(([demands, how, inner]) => acquiresPatiently(demands, how, inner));
  const missing = fc.oneof(
    fc.tuple(short, short).map(([next, other]) => missesMeeting(next, other)),
    fc.tuple(fc.constantFrom(...others), fc.constantFrom('exit', 'success', 'ready'), fc.constantFrom(...events), fc.nat(2), short, short).map(([name, moment, event, dice, next, other]) =>
      misses({ do: 'await', facts: [{ type: 'moment', actors: [name], moment }, ...(dice === 0 ? [{ type: 'event', event } as const] : [])] }, [name, ...(dice === 0 ? [event] : [])], next, other),
    ),
    fc.tuple(fc.constantFrom(...queues), short, short).map(([queue, next, other]) => misses({ do: 'get', queue, keeps: false }, [queue], next, other)),
    fc.tuple(fc.constantFrom(...queues), short, short).map(([queue, next, other]) => misses({ do: 'put', queue }, [queue], next, other)),
    fc.tuple(fc.constantFrom(...events), short, short).map(([event, next, other]) => misses({ do: 'await', facts: [{ type: 'event', event }] }, [event], next, other)),
    ...(isPlain ? [] : [fc.tuple(fc.constantFrom(...events), short, short).map(([event, next, other]) => misses({ do: 'await_pulse', event }, [event], next, other))]),
    fc.tuple(fc.constantFrom<readonly Demand[]>([one('red')], [one('green')], [one('blue')], [one('seats')], [one('seats', 2), one('red')]), fc.boolean(), short, short).map(([demands, isTried, next, other]) => missesToAcquire(demands, isTried, next, other)),
  );
  const asked = fc.constantFrom<Operation>(...queues.map((queue): Operation => ({ do: 'get', queue, keeps: false })), ...events.map((event): Operation => ({ do: 'await', facts: [{ type: 'event', event }] })), ...others.map((name): Operation => ({ do: 'await', facts: [{ type: 'moment', actors: [name], moment: 'exit' }] })));
  // A program that puts any number of items, or runs again and again.
  const puts = fc.tuple(fc.constantFrom(...queues), fc.boolean(), fc.boolean()).map(([queue, isAgain, endsAtAll]): Script => {
    const program = forever([firstOf([{ operation: { do: 'nothing', program: 'acts' }, next: put(queue) }, { operation: { do: 'nothing', program: 'ends' }, next: [{ type: 'leave', loops: endsAtAll && isAgain ? 2 : 1 }] }])]);
    return isAgain ? [forever([program])] : [program];
  });
  const rounds = fc.oneof(
    puts,
    fc.constantFrom(...queues).map((queue): Script => [forever([firstOf([{ operation: { do: 'get', queue, keeps: false }, next: [] }, { operation: { do: 'find_end', queues: [queue] }, next: [{ type: 'leave' }] }])])]),
    fc.tuple(asked, fc.nat(2), short).map(([operation, dice, body]) => roundAndRound(operation, dice, body)),
    fc.tuple(fc.constantFrom(...locks, 'seats'), fc.nat(2), short).map(([name, dice, body]) => roundAndRound({ do: 'acquire', demands: [one(name)], isTimed: true }, dice, [{ type: 'hold', demands: [one(name)], body, place: [] }])),
  );
  return fc.oneof(
    ...(goesRound ? [{ weight: 10, arbitrary: rounds }] : []),
    ...(isMissing ? [{ weight: 10, arbitrary: missing.map((statement): Script => [statement]) }, { weight: 3, arbitrary: holding(missing.map((statement): Script => [statement])) }] : []),
    ...(isLoose ? [{ weight: 8, arbitrary: fc.tuple(givenBack, simple).map(([given, body]): Script => [...given, ...body]) }] : []),
    ...(isFair || isLoose
      ? [
          { weight: 8, arbitrary: inLine(short) },
          { weight: 5, arbitrary: inLine(inLine(short)) },
          { weight: 2, arbitrary: fairDemands.map((demands): Script => [acquires(demands)]) },
          { weight: 1, arbitrary: short.map((body): Script => [acquires([one('seats', 2)]), ...body, releases([one('seats')]), ...body, releases([one('seats')])]) },
        ]
      : []),
    { weight: 3, arbitrary: simple },
    { weight: 3, arbitrary: holding(short) },
    { weight: 5, arbitrary: holding(holding(short)) },
    { weight: 2, arbitrary: fc.constantFrom(...queues).map((name): Script => [...get(name), ...queues.filter((other) => other !== name).flatMap(put)]) },
    ...(isPlain ? [] : [{ weight: 2, arbitrary: fc.tuple(simple, fc.constantFrom(...others)).map(([before, name]): Script => [...before, ...starting(name)]) }]),
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...locks), fc.constantFrom(...locks)).filter(([a, b]) => a !== b).map(([a, b]): Script => [acquires([one(a), one(b)]), releases([one(a)]), releases([one(b)])]) },
    { weight: 1, arbitrary: fc.constantFrom(...locks, 'seats').map((name): Script => [acquires([one(name)])]) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...queues), short).map(([name, body]): Script => [
        {
          type: 'loop',
          body: [firstOf([{ operation: { do: 'get', queue: name, keeps: true }, next: [{ type: 'keep', queue: name, body: [...body], place: [] }] }, { operation: { do: 'find_end', queues: [name] }, next: [{ type: 'leave' }] }])],
        },
      ]),
    },
  );
};

/** A small model in which every wait ends that can no longer be met. */
export const randomModel = modelOf({ isPlain: false, isFair: false });

/** One in which nobody starts others, clears events or notifies. */
export const plainModel = modelOf({ isPlain: true, isFair: false });

/** Models in which some wait for what is fair, in the order in which they have come. */
export const fairModel = fc.oneof(modelOf({ isPlain: true, isFair: true }), modelOf({ isPlain: false, isFair: true }));

/** Models in which some give back what others hold, or what nobody has taken. */
export const givingModel = fc.oneof(modelOf({ isPlain: true, isFair: false, isLoose: true }), modelOf({ isPlain: false, isFair: false, isLoose: true }), modelOf({ isPlain: false, isFair: true, isLoose: true }));

/** Models in which some may miss what they ask for. */
export const missingModel = fc.oneof(modelOf({ isPlain: true, isFair: false, isMissing: true }), modelOf({ isPlain: false, isFair: false, isMissing: true }), modelOf({ isPlain: true, isFair: true, isMissing: true }), modelOf({ isPlain: true, isFair: false, isLoose: true, isMissing: true }), modelOf({ isPlain: false, isFair: false, isLoose: true, isMissing: true }));

/** Models in which some go round and round until what may never come. */
export const roundModel = fc.oneof(modelOf({ isPlain: true, isFair: false, goesRound: true }), modelOf({ isPlain: false, isFair: false, goesRound: true }));

function modelOf(kind: Kind): fc.Arbitrary<Model> {
  const { isPlain, isFair, isLoose = false, isMissing = false, goesRound = false } = kind;
  const seen = isMissing ? { isMissed: true as const } : {};
  return fc.record({
    // Where there is more to choose, fewer are enough.
    count: fc.integer({ min: 2, max: isMissing || goesRound ? 3 : 4 }),
    capacities: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    parties: fc.integer({ min: 2, max: 3 }),
  })
  .chain(({ count, capacities, parties }) => {
    const actors = names.slice(0, count).map((name, index) =>
      fc
        .tuple(fc.array(pieces(names.slice(0, count).filter((other) => other !== name), kind), { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 7 }))
        .map(([scripts, dice]): Actor => ({ name, isDaemon: index > 0 && dice < 2, isIdle: !isPlain && index > 0 && (dice === 2 || dice === 3), script: index > 0 && dice === 0 ? [forever([does({ do: 'nothing' }), ...scripts.flat()])] : scripts.flat(), setsWhenStopped: [], setsAtMoments: { started: [], ready: [], ended: [] }, lasting: [], ...seen })),
    );
    const resources: readonly Resource[] = [
      ...locks.map((name): Resource => ({ ...lock(name), ...seen })),
      { ...semaphore('seats', 2, isFair), ...seen, ...(isLoose ? { loose: 'bounded' } : {}) },
      ...(isFair || isLoose ? [{ ...semaphore('boats', 2), ...seen, ...(isLoose ? { loose: 'growing' as const } : {}) }] : []),
      ...events.map((name): Resource => ({ kind: 'event', name, isSet: false })),
      ...queues.map((name, index): Resource => ({ kind: 'queue', name, capacity: capacities[index] ?? 1, items: 0, redelivers: !isPlain && index === 0, ends: null })),
      { kind: 'barrier', name: 'meeting', parties },
    ];
    return fc.tuple(...actors).map((list): Model => ({ resources, actors: list }));
  });
}
