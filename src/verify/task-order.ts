import type { Resource } from './model.ts';
import type { QueueBound } from './queue-bounds.ts';
import type { Successor } from './transition-system.ts';

/** More tasks than this that may wait at once are taken in any order. */
const mostInOrder = 16;

/** A state, and the one that is being made of it. */
interface Change {
  readonly state: Int32Array;
  readonly next: Pick<Successor, 'get' | 'set'>;
}

/** The order in which the tasks of a pool that were submitted have come. */
export interface TaskOrder {
  /** From the first of them on, the label of the queue that it is in; 0 where there is none. */
  readonly fields: readonly number[];
  /** 1 where more have come than can be told apart: then any may be next, until none is left. Null where there are never so many. */
  readonly lost: number | null;
  /** How many there are of each queue, and how many are told apart. */
  readonly counts: readonly (QueueBound & { readonly queue: string; readonly field: number })[];
  /** The labels of the queues, from 1; that of the pool's own tasks is 0, as none of those has come. */
  readonly labels: ReadonlyMap<string, number>;
}

/** Of each pool whose tasks are told apart, the order that they have come in; its fields are numbered from `first` on. */
export function taskOrders(resources: Iterable<Resource>, boundOf: (queue: string) => QueueBound & { readonly field: number }, first: number): readonly TaskOrder[] {
  const pools = new Map<string, { readonly name: string; readonly isLast: boolean }[]>();
  for (const resource of resources) {
    if (resource.kind !== 'queue' || resource.tasksOf === undefined) continue;
    const { pool, isLast } = resource.tasksOf;
    pools.set(pool, [...(pools.get(pool) ?? []), { name: resource.name, isLast }]);
  }
  let field = first;
  return [...pools.values()].flatMap((queues): readonly TaskOrder[] => {
    const submitted = queues.filter(({ isLast }) => !isLast).map(({ name }) => name);
    const counts = submitted.map((queue) => ({ ...boundOf(queue), queue }));
    const most = Math.min(mostInOrder, counts.reduce((sum, bound) => sum + bound.most - Number(bound.saturates), 0));
    const isLosable = counts.some(({ saturates }) => saturates) || counts.reduce((sum, bound) => sum + bound.most, 0) > most;
    const labels = new Map([...queues.filter(({ isLast }) => isLast).map(({ name }) => [name, 0] as const), ...submitted.map((name, index) => [name, index + 1] as const)]);
    const begin = field;
    field += most + Number(isLosable);
    return [{ fields: Array.from({ length: most }, (_, index) => begin + index), lost: isLosable ? begin + most : null, counts, labels }];
  });
}

/** Whether the next task may be one of this queue. */
export function isNext({ fields: [first], lost }: TaskOrder, label: number, state: Int32Array): boolean {
  return first === undefined || state[first] === label || (lost !== null && state[lost] === 1);
}

/** So many more of a queue have come. */
export function haveCome({ fields, lost, counts }: TaskOrder, label: number, count: number, { state, next }: Change): void {
  if (lost !== null && state[lost] === 1) return;
  const waiting = fields.filter((field) => state[field] !== 0).length;
  const isLost = lost !== null && (waiting + count > fields.length || counts.some(({ field, most, saturates }) => saturates && next.get(field) >= most));
  if (isLost) {
    for (const field of fields) next.set(field, 0);
    next.set(lost, 1);
    return;
  }
  for (const field of fields.slice(waiting, waiting + count)) next.set(field, label);
}

/** The first of those that have come is taken, or one of them. */
export function isTaken({ fields, lost, counts }: TaskOrder, label: number, { state, next }: Change): void {
  if (label === 0) return;
  if (lost !== null && state[lost] === 1) {
    if (counts.every(({ field }) => next.get(field) === 0)) next.set(lost, 0);
    return;
  }
  for (const [index, field] of fields.entries()) {
    const behind = fields[index + 1];
    next.set(field, behind === undefined ? 0 : (state[behind] ?? 0));
  }
}
