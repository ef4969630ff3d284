import type { Schedule, ScheduledOperation } from './schedule.ts';

/** What a program does in a schedule, for whatever stands in for it. */
export interface StandIn {
  /** In this order. */
  readonly deeds: readonly Pick<ScheduledOperation, 'op' | 'on' | 'outcome'>[];
  readonly end: 'succeeds' | 'fails' | 'never';
}

/** What the programs of a schedule do, one after the other of each life of an instance. */
export class StandIns {
  readonly #endless: ReadonlySet<string>;
  readonly #next = new Map<string, StandIn[][]>();

  /** @param hasTime whether the programs of an instance may be ended by their time: no others wait for that */
  constructor({ operations, waiting, endless }: Schedule, hasTime: (instance: string) => boolean) {
    this.#endless = new Set(endless);
    const instances = new Set([...operations, ...waiting].map(({ instance }) => instance));
    for (const instance of instances) {
      const wanted = waiting.filter((wait) => wait.instance === instance).map((wait): ScheduledOperation => ({ ...wait, outcome: 'done' }));
      this.#next.set(instance, livesOf(instance, operations, wanted).map((life) => standInsOf(life, this.#endless.has(instance), hasTime(instance))));
    }
  }

  /** For the next program of an instance, or of a slot of a pool. */
  next(instance: string): StandIn {
    return this.#next.get(instance)?.[0]?.shift() ?? { deeds: [], end: this.#endless.has(instance) ? 'never' : 'succeeds' };
  }

  /** An instance is started by somebody: whatever program ran before may be none of the schedule, and the next one is of another life. */
  started(instance: string): void {
    const lives = this.#next.get(instance);
    if (lives !== undefined && lives.length > 1) lives.shift();
  }
}

/** What one does until somebody starts it, be it again, and what after that. */
function livesOf(instance: string, operations: readonly ScheduledOperation[], wanted: readonly ScheduledOperation[]): readonly (readonly ScheduledOperation[])[] {
  const lives: ScheduledOperation[][] = [[]];
  for (const operation of [...operations, ...wanted]) {
    if (operation.op === 'start' && operation.outcome === 'done' && operation.on.includes(instance)) lives.push([]);
    if (operation.instance === instance) lives.at(-1)?.push(operation);
  }
  return lives;
}

function standInsOf(operations: readonly ScheduledOperation[], isEndless: boolean, hasTime: boolean): StandIn[] {
  const found: StandIn[] = [];
  let deeds: ScheduledOperation[] | null = null;
  for (const operation of operations) {
    if (operation.op !== 'program') {
      deeds?.push(operation);
    } else if (operation.outcome === 'acts') {
      deeds ??= [];
    } else {
      found.push({ deeds: deeds ?? [], end: endOf(operation, hasTime) });
      deeds = null;
    }
  }
  if (deeds !== null) found.push({ deeds, end: isEndless ? 'never' : 'succeeds' });
  return found;
}

/** One that waits does so until its time is over. */
function endOf({ outcome }: ScheduledOperation, hasTime: boolean): StandIn['end'] {
  if (outcome === 'waits' && hasTime) return 'never';
  return outcome === 'fails' ? 'fails' : 'succeeds';
}
