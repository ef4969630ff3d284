import type { Schedule, ScheduledOperation } from './schedule.ts';

/** What a program does in a schedule, for whatever stands in for it. */
export interface StandIn {
  /** In this order. */
  readonly deeds: readonly Pick<ScheduledOperation, 'op' | 'on' | 'outcome'>[];
  readonly end: 'succeeds' | 'fails' | 'never';
}

/** What the programs of a schedule do, one after the other of each instance. */
export class StandIns {
  readonly #endless: ReadonlySet<string>;
  readonly #next = new Map<string, StandIn[]>();

  constructor({ operations, waiting, endless }: Schedule) {
    this.#endless = new Set(endless);
    const instances = new Set([...operations, ...waiting].map(({ instance }) => instance));
    for (const instance of instances) {
      const own = operations.filter((operation) => operation.instance === instance);
      const wanted = waiting.filter((wait) => wait.instance === instance).map((wait): ScheduledOperation => ({ ...wait, outcome: 'done' }));
      this.#next.set(instance, standInsOf([...own, ...wanted], this.#endless.has(instance)));
    }
  }

  /** For the next program of an instance, or of a slot of a pool. */
  next(instance: string): StandIn {
    return this.#next.get(instance)?.shift() ?? { deeds: [], end: this.#endless.has(instance) ? 'never' : 'succeeds' };
  }
}

function standInsOf(operations: readonly ScheduledOperation[], isEndless: boolean): StandIn[] {
  const found: StandIn[] = [];
  let deeds: ScheduledOperation[] | null = null;
  for (const operation of operations) {
    if (operation.op !== 'program') {
      deeds?.push(operation);
    } else if (operation.outcome === 'acts') {
      deeds ??= [];
    } else {
      found.push({ deeds: deeds ?? [], end: operation.outcome === 'fails' ? 'fails' : 'succeeds' });
      deeds = null;
    }
  }
  if (deeds !== null) found.push({ deeds, end: isEndless ? 'never' : 'succeeds' });
  return found;
}
