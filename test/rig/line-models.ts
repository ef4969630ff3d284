/* Small models of those who take and give back things, some of which are fair, and what they do as a list. */
import fc from 'fast-check';
import type { PrimitiveDefinition } from '../../src/sync/definition.ts';
import type { Demand } from '../../src/sync/operation.ts';
import type { Actor, Model, Resource, Statement } from '../../src/verify/model.ts';
import { does, either, firstOf, releases } from '../../src/verify/script-words.ts';
import { actor, lock, one, semaphore } from './benchmark-models.ts';

/** One thing that somebody does. */
export type LineStep =
  /** Waits for as long as it takes, for so long only, or not at all. */
  | { readonly do: 'take'; readonly demands: readonly Demand[]; readonly how: 'untimed' | 'timed' | 'tried' }
  | { readonly do: 'give'; readonly demand: Demand }
  | { readonly do: 'await_end'; readonly other: string };

/** What each of some does, one thing after the other, and then ends. */
export type LineSteps = readonly { readonly name: string; readonly steps: readonly LineStep[] }[];

export const lineDefinitions: readonly PrimitiveDefinition[] = [
  { kind: 'semaphore', name: 'seats', permits: 2, bounded: true, fair: true },
  { kind: 'semaphore', name: 'rooms', permits: 2, bounded: true, fair: true },
  { kind: 'semaphore', name: 'boats', permits: 2, bounded: true, fair: false },
  { kind: 'lock', name: 'door', reentrant: false },
  { kind: 'lock', name: 'again', reentrant: true },
];

const again: Resource = { kind: 'permits', name: 'again', permits: 1, isLock: true, reentrant: true, fair: false };
const resources: readonly Resource[] = [semaphore('seats', 2, true), semaphore('rooms', 2, true), semaphore('boats', 2), lock('door'), again];

const demand = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<readonly Demand[]>([one('seats')], [one('seats', 2)]) },
  { weight: 3, arbitrary: fc.constantFrom<readonly Demand[]>([one('boats')], [one('boats', 2)], [one('door')], [one('rooms')], [one('again')]) },
  { weight: 4, arbitrary: fc.constantFrom<readonly Demand[]>([one('again'), one('seats')], [one('seats'), one('door')], [one('boats'), one('seats', 2)], [one('rooms'), one('boats')], [one('door'), one('again')], [one('seats'), one('rooms')]) },
);

const names = ['ann', 'bob', 'cid', 'dan'];

function stepsOf(others: readonly string[]): fc.Arbitrary<readonly LineStep[]> {
  const take = fc.record({ do: fc.constant('take' as const), demands: demand, how: fc.constantFrom('untimed' as const, 'untimed' as const, 'untimed' as const, 'timed' as const, 'tried' as const) });
  const taken = take.chain((step) => {
    const given = step.demands.map((each): LineStep => ({ do: 'give', demand: each }));
    return fc.constantFrom<readonly LineStep[]>([step], [step, ...given], [step, ...given.slice(1)]);
  });
  const waits = fc.constantFrom(...others).map((other): readonly LineStep[] => [{ do: 'await_end', other }]);
  return fc.array(fc.oneof({ weight: 6, arbitrary: taken }, { weight: 1, arbitrary: waits }), { minLength: 1, maxLength: 3 }).map((lists) => lists.flat());
}

export const lineSteps: fc.Arbitrary<LineSteps> = fc
  .integer({ min: 2, max: 4 })
  .chain((count) => fc.tuple(...names.slice(0, count).map((name) => stepsOf(names.slice(0, count).filter((other) => other !== name)).map((steps) => ({ name, steps })))));

function statementOf(step: LineStep, index: number): Statement {
  const place = [index];
  switch (step.do) {
    case 'take': {
      const { demands, how } = step;
      if (how === 'untimed') return does({ do: 'acquire', demands }, place);
      return firstOf([{ operation: { do: 'acquire', demands, isTimed: true, isTried: how === 'tried' }, next: [] }, { operation: { do: 'time_out', breaks: null }, next: [] }], place);
    }
    case 'give':
      return { type: 'attempt', drops: 'nothing', body: [releases([step.demand], place)], onFailure: [] };
    case 'await_end':
      return does({ do: 'await', facts: [{ type: 'moment', actors: [step.other], moment: 'exit' }] }, place);
  }
}

/** The place of everything that is done is its number. */
export function modelOfSteps(all: LineSteps, things = resources): Model {
  const actors = all.map(({ name, steps }): Actor => actor(name, [...steps.map(statementOf), either([[{ type: 'end', outcome: 'succeeded', sets: [], stopsRun: false }]], [steps.length])]));
  return { resources: things, actors };
}

export const lineModel: fc.Arbitrary<Model> = lineSteps.map((all) => modelOfSteps(all));

/** Of these some give back what they do not hold. */
export const looseDefinitions: readonly PrimitiveDefinition[] = [
  { kind: 'semaphore', name: 'seats', permits: 3, bounded: true, fair: false },
  { kind: 'semaphore', name: 'rooms', permits: 2, bounded: true, fair: true },
  { kind: 'semaphore', name: 'boats', permits: 1, bounded: false, fair: false },
  { kind: 'lock', name: 'door', reentrant: false },
];

const looseThings: readonly Resource[] = looseDefinitions.map((definition) => (definition.kind === 'semaphore' ? { kind: 'permits', name: definition.name, permits: definition.permits, isLock: false, reentrant: false, fair: definition.fair, loose: definition.bounded ? 'bounded' : 'growing' } : lock(definition.name)));

const looseDemand = fc.constantFrom<readonly Demand[]>([one('seats')], [one('seats')], [one('seats', 2)], [one('boats')], [one('boats', 2)], [one('rooms')], [one('rooms', 2)], [one('seats'), one('boats')], [one('rooms'), one('seats')], [one('door'), one('boats')]);

const looseStep: fc.Arbitrary<LineStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('take' as const), demands: looseDemand, how: fc.constantFrom('untimed' as const, 'untimed' as const, 'untimed' as const, 'timed' as const, 'tried' as const) }) },
  { weight: 5, arbitrary: fc.constantFrom(one('seats'), one('seats', 2), one('rooms'), one('boats'), one('boats', 2), one('door')).map((each): LineStep => ({ do: 'give', demand: each })) },
);

export const looseSteps: fc.Arbitrary<LineSteps> = fc
  .integer({ min: 2, max: 4 })
  .chain((count) => fc.tuple(...names.slice(0, count).map((name) => fc.array(looseStep, { minLength: 1, maxLength: 4 }).map((steps) => ({ name, steps })))));

export function modelOfLooseSteps(all: LineSteps): Model {
  return modelOfSteps(all, looseThings);
}

/** Models in which some give back what others hold. */
export const looseModel: fc.Arbitrary<Model> = looseSteps.map(modelOfLooseSteps);
