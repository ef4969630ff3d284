import fc from 'fast-check';
import type { Closing } from '../../../src/sync/closing.ts';
import type { Operation, Owner } from '../../../src/sync/operation.ts';

/** One thing that happens to the table. */
export type Command =
  | { readonly type: 'request'; readonly owner: Owner; readonly operation: Operation; readonly timeoutMs: number | null }
  /** Asks as the owner of one of the last granted acquires, who probably holds it still. */
  | { readonly type: 'as_holder'; readonly pick: number; readonly operation: Operation; readonly timeoutMs: number | null }
  /** Releases what one of the granted acquires got. */
  | { readonly type: 'release_granted'; readonly pick: number }
  /** Leaves a lock to one of those who were granted something, which takes it so often by itself, and may keep it. */
  | { readonly type: 'by_itself'; readonly pick: number; readonly name: string; readonly grants: number; readonly isHeld: boolean }
  /** Borrows from a queue, having taken some more of what it was lent. */
  | { readonly type: 'borrow'; readonly owner: Owner; readonly name: string; readonly max: number; readonly more: number; readonly inHand: boolean; readonly timeoutMs: number | null }
  /** Answers a recall: it has taken some more, and gives some of the rest back. */
  | { readonly type: 'give_back'; readonly owner: Owner; readonly name: string; readonly more: number; readonly count: number }
  /** Finishes one of the items that were handed out. */
  | { readonly type: 'finish_item'; readonly pick: number }
  | { readonly type: 'cancel'; readonly pick: number }
  | { readonly type: 'end'; readonly instance: string; readonly final: boolean }
  | { readonly type: 'holder_end'; readonly owner: Owner }
  | { readonly type: 'advance'; readonly ms: number }
  | { readonly type: 'close'; readonly closing: Closing };

/** The instances that act in every property. */
export const instances = ['a', 'b', 'c'] as const;

const owner: fc.Arbitrary<Owner> = fc.record({
  instance: fc.constantFrom(...instances),
  holder: fc.constantFrom('steps', 'thread'),
});

const timeoutMs = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9 }) },
);

const pick = fc.nat({ max: 99 });

/**
 * Sequences of requests with these operations, mixed with cancels, deaths, time and closings;
 * `asHolder` are operations that only say something where their owner holds something; `loansOf` is a
 * queue that is also borrowed from, `locks` are also left to their holders.
 */
export function commandsOf(
  operation: fc.Arbitrary<Operation>,
  closings: readonly Closing[],
  asHolder: fc.Arbitrary<Operation> | null = null,
  loansOf: string | null = null,
  locks: readonly string[] = [],
): fc.Arbitrary<Command[]> {
  const special: fc.WeightedArbitrary<Command>[] = [];
  if (closings.length > 0) {
    special.push({ weight: 1, arbitrary: fc.record({ type: fc.constant('close'), closing: fc.constantFrom(...closings) }) });
  }
  if (asHolder !== null) {
    special.push({
      weight: 24,
      arbitrary: fc.record({ type: fc.constant('as_holder'), pick, operation: asHolder, timeoutMs }),
    });
  }
  if (loansOf !== null) {
    const count = fc.nat({ max: 3 });
    special.push(
      {
        weight: 8,
        arbitrary: fc.record({ type: fc.constant('borrow'), owner, name: fc.constant(loansOf), max: fc.integer({ min: 1, max: 4 }), more: count, inHand: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0), timeoutMs }),
      },
      { weight: 4, arbitrary: fc.record({ type: fc.constant('give_back'), owner, name: fc.constant(loansOf), more: count, count }) },
    );
  }
  if (locks.length > 0) {
    special.push({
      weight: 6,
      arbitrary: fc.record({ type: fc.constant('by_itself'), pick, name: fc.constantFrom(...locks), grants: fc.nat({ max: 3 }), isHeld: fc.boolean() }),
    });
  }
  const command: fc.Arbitrary<Command> = fc.oneof(
    { weight: 22, arbitrary: fc.record({ type: fc.constant('request'), owner, operation, timeoutMs }) },
    { weight: 6, arbitrary: fc.record({ type: fc.constant('release_granted'), pick }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('finish_item'), pick }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('cancel'), pick }) },
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant('end'), instance: fc.constantFrom(...instances), final: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('holder_end'), owner }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('advance'), ms: fc.integer({ min: 1, max: 5 }) }) },
    ...special,
  );
  return fc.array(command, { minLength: 1, maxLength: 40, size: 'max' });
}
