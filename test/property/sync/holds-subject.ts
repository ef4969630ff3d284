import { ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Demand, Operation } from '../../../src/sync/operation.ts';
import type { SyncSnapshot } from '../../../src/sync/snapshot.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
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
    commands: commandsOf(operation, []),
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
] as const satisfies readonly HoldDefinition[];

const lockDemand = fc.record({ name: fc.constantFrom(...locks.map(({ name }) => name)), permits: fc.constant(1) });

const semaphoreDemand = fc.record({
  name: fc.constantFrom(...semaphores.map(({ name }) => name)),
  permits: fc.integer({ min: 1, max: 4 }),
});

/** Plain and reentrant locks, alone and several at once. */
export const lockSubject = subjectOf(locks, lockDemand);

/** Bounded, unbounded and fair semaphores, alone and several at once. */
export const semaphoreSubject = subjectOf(semaphores, semaphoreDemand);

/** Locks and semaphores in one demand. */
export const mixedSubject = subjectOf([...locks, ...semaphores], fc.oneof(lockDemand, semaphoreDemand));
