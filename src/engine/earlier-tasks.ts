import type { Json } from '../base/json.ts';
import type { TaskFate } from '../plan/plan.ts';
import { itemDigest } from './item-digest.ts';

/** What becomes of a task in a run that goes on from an earlier one. */
export type TaskVerdict =
  /** It runs: it has not succeeded, or was not there. */
  | 'run'
  /** It runs, since another item had its number. */
  | 'changed'
  /** It does not run: it has succeeded before. */
  | 'succeeded'
  /** It does not run: it has not failed, and only what has failed was asked for. */
  | 'left_out';

/** A fate that is kept: a task that was cancelled is as one that never began. */
export type SettledFate = Exclude<TaskFate, 'cancelled'>;

const [none, succeeded, failed] = [0, 1, 2];

/** The fates of the tasks of one pool in an earlier run, by their numbers, with a digest of each item. */
export class EarlierTasks {
  readonly #onlyFailed: boolean;
  #fates = new Uint8Array(64);
  #digests = new Uint32Array(64);
  #size = 0;

  /** @param onlyFailed of the rest, only what has failed runs again */
  constructor(onlyFailed: boolean) {
    this.#onlyFailed = onlyFailed;
  }

  /** Behind the highest number that has a fate. */
  get size(): number {
    return this.#size;
  }

  /** Notes a fate; a later one of the same number takes its place. */
  note(number: number, fate: SettledFate, digest: number): void {
    if (number >= this.#fates.length) this.#grow(number + 1);
    this.#size = Math.max(this.#size, number + 1);
    this.#fates[number] = fate === 'succeeded' ? succeeded : failed;
    this.#digests[number] = digest;
  }

  /** What becomes of the task with this number and item. */
  verdict(number: number, item: Json): TaskVerdict {
    const fate = this.#fateOf(number);
    if (fate === none) return this.#onlyFailed ? 'left_out' : 'run';
    if (this.#digests[number] !== itemDigest(item)) return 'changed';
    return fate === succeeded ? 'succeeded' : 'run';
  }

  /** Whether it has succeeded, whatever its item is now. */
  hasSucceeded(number: number): boolean {
    return this.#fateOf(number) === succeeded;
  }

  /** How many that have succeeded are not among these. */
  succeededBut(present: ReadonlySet<number>): number {
    let count = 0;
    for (let number = 0; number < this.#size; number += 1) if (this.hasSucceeded(number) && !present.has(number)) count += 1;
    return count;
  }

  /** How many of the tasks from this number on are still to be run. */
  countToRunFrom(first: number): number {
    let count = 0;
    for (let number = first; number < this.#size; number += 1) {
      const fate = this.#fateOf(number);
      if (fate === failed || (fate === none && !this.#onlyFailed)) count += 1;
    }
    return count;
  }

  /** How many of the tasks in `[first, end)` do not run, by why, where none has another item. */
  countSettled(first: number, end: number): { readonly succeeded: number; readonly leftOut: number } {
    let [done, failures] = [0, 0];
    for (let number = first; number < Math.min(end, this.#size); number += 1) {
      const fate = this.#fateOf(number);
      if (fate === succeeded) done += 1;
      else if (fate === failed) failures += 1;
    }
    return { succeeded: done, leftOut: this.#onlyFailed ? end - first - done - failures : 0 };
  }

  #fateOf(number: number): number {
    return this.#fates[number] ?? none;
  }

  #grow(least: number): void {
    const length = Math.max(least, 2 * this.#fates.length);
    const [fates, digests] = [new Uint8Array(length), new Uint32Array(length)];
    fates.set(this.#fates);
    digests.set(this.#digests);
    [this.#fates, this.#digests] = [fates, digests];
  }
}
