import type { Place } from '../base/place.ts';
import type { PartOfPool } from './part-of-pool.ts';

/** Something that a proof takes for granted, or that the model leaves out. */
export interface Assumption {
  /**
   * `assumed` holds unless programs do what they do not declare; `left_out` may hide a deadlock;
   * `coarser` lets the model do more than a run can, so that a deadlock of it may be none of a run.
   */
  readonly kind: 'assumed' | 'left_out' | 'coarser';
  readonly text: string;
  readonly place: Place;
  /** It is but that programs do nothing that they do not declare, which a run refuses, or holds others up. */
  readonly isOfDeclared?: true;
  /** It is of account only for a deadlock in which a pool or a queue has this part. */
  readonly onlyIf?: { readonly of: string; readonly part: PartOfPool };
}

/** Whether something was not looked at, which may deadlock in every run. */
export function leavesOut(assumptions: readonly Assumption[]): boolean {
  return assumptions.some(({ kind }) => kind === 'left_out');
}

/** Whether a deadlock that was found may be none of a run: also where somebody misses on the way to it what a run would give him, or is late where it would refuse him at once. */
export function makesDoubtful(assumptions: readonly Assumption[], { parts }: { readonly parts: ReadonlyMap<string, ReadonlySet<PartOfPool>> }): boolean {
  return [...parts.values()].some((some) => some.has('misses')) || assumptions.some(({ kind, onlyIf }) => kind === 'coarser' && (onlyIf === undefined || parts.get(onlyIf.of)?.has(onlyIf.part) === true));
}

/** Whether each run goes a way that the model has, so that what is so of all of these is so of each run. */
export function hasEveryRun(assumptions: readonly Assumption[]): boolean {
  return assumptions.every(({ kind, isOfDeclared }) => kind === 'coarser' || isOfDeclared === true);
}
