import { ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Demand, Operation } from '../../../src/sync/operation.ts';
import type { SyncSnapshot } from '../../../src/sync/snapshot.ts';
import type { Subject } from './agrees-with-model.ts';
import { type Command, commandsOf } from './commands.ts';
import { type HoldDefinition, HoldsModel } from './holds-model.ts';

/** Checks from the snapshot alone that permits are neither lost nor given twice. */
export function permitsAreConserved(definitions: readonly HoldDefinition[], { primitives }: SyncSnapshot): void {
  for (const definition of definitions) {
    const state = primitives.find(({ name }) => name === definition.name);
    ok(state?.kind === 'lock' || state?.kind === 'semaphore');
    const held = state.holdings.reduce((sum, { permits }) => sum + permits, 0);
    ok(state.free >= 0 && state.holdings.every(({ permits }) => permits > 0));
    if (definition.kind === 'lock') ok(state.holdings.length + state.free === 1, `${definition.name} has one holder at most`);
    else if (definition.bounded) ok(state.free + held === definition.permits, `${definition.name} keeps its permits`);
    else ok(state.free + held >= definition.permits, `${definition.name} loses no permit`);
    ok(state.holdings.every(({ token }) => token < state.nextToken));
  }
}

function subjectOf(definitions: readonly HoldDefinition[], demand: fc.Arbitrary<Demand>): Subject {
  const demands = fc.uniqueArray(demand, { selector: ({ name }) => name, minLength: 1, maxLength: 3 });
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ verb: fc.constant('acquire'), demands }) },
    { weight: 2, arbitrary: fc.record({ verb: fc.constant('release'), demands }) },
  );
  return {
    definitions,
    commands: commandsOf(operation, [], null, null, definitions.flatMap(({ kind, name }) => (kind === 'lock' ? [name] : []))),
    createModel: () => new HoldsModel(definitions),
    invariant: (snapshot) => permitsAreConserved(definitions, snapshot),
  };
}

const locks = [
  { kind: 'lock', name: 'plain', reentrant: false },
  { kind: 'lock', name: 'other', reentrant: false },
  { kind: 'lock', name: 'tree', reentrant: true },
] as const satisfies readonly HoldDefinition[];

const semaphores = [
  { kind: 'semaphore', name: 'bounded', permits: 3, bounded: true, fair: false },
  { kind: 'semaphore', name: 'free', permits: 1, bounded: false, fair: false },
  { kind: 'semaphore', name: 'fair', permits: 3, bounded: true, fair: true },
  { kind: 'semaphore', name: 'none', permits: 0, bounded: true, fair: false },
] as const satisfies readonly HoldDefinition[];

/** Few names, so that whoever is inside the reentrant one often waits for it again together with another. */
const nestedLocks = [
  { kind: 'lock', name: 'tree', reentrant: true },
  { kind: 'lock', name: 'other', reentrant: false },
  { kind: 'lock', name: 'plain', reentrant: false },
] as const satisfies readonly HoldDefinition[];

const nestedCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('request'),
      owner: fc.record({ instance: fc.constantFrom('a', 'b'), holder: fc.constant('thread') }),
      operation: fc.record({
        verb: fc.constant('acquire'),
        demands: fc.constantFrom(['tree'], ['other', 'tree'], ['plain', 'tree'], ['other', 'plain']).map(onePermitEach),
      }),
      timeoutMs: fc.constant(null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('release_granted'), pick: fc.nat({ max: 99 }) }) },
);

const lockDemand = fc.record({ name: fc.constantFrom(...locks.map(({ name }) => name)), permits: fc.constant(1) });

const semaphoreDemand = fc.record({
  name: fc.constantFrom(...semaphores.map(({ name }) => name)),
  permits: fc.integer({ min: 1, max: 4 }),
});

/** Plain and reentrant locks, alone and several at once. */
export const lockSubject = subjectOf(locks, lockDemand);

/** One reentrant lock, asked for alone and together with others, again and again. */
export const nestedSubject: Subject = {
  definitions: nestedLocks,
  commands: fc.array(nestedCommand, { minLength: 1, maxLength: 80, size: 'max' }),
  createModel: () => new HoldsModel(nestedLocks),
  invariant: (snapshot) => permitsAreConserved(nestedLocks, snapshot),
};

/** Bounded, unbounded and fair semaphores, alone and several at once. */
export const semaphoreSubject = subjectOf(semaphores, semaphoreDemand);

/** Locks and semaphores in one demand. */
export const mixedSubject = subjectOf([...locks, ...semaphores], fc.oneof(lockDemand, semaphoreDemand));

function onePermitEach(names: readonly string[]): readonly Demand[] {
  return names.map((name) => ({ name, permits: 1 }));
}
