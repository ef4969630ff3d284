import { ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Closing } from '../../../src/sync/closing.ts';
import type { Operation, SyncRequest } from '../../../src/sync/operation.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
import { type HoldDefinition, HoldsModel, type Wish } from './holds-model.ts';
import { permitsAreConserved } from './holds-subject.ts';
import type { Entry } from './naive-model.ts';

const locks = [
  { kind: 'lock', name: 'file', reentrant: false },
  { kind: 'lock', name: 'tree', reentrant: true },
] as const satisfies readonly HoldDefinition[];

const lockOf: ReadonlyMap<string, string> = new Map([
  ['changed', 'file'],
  ['grown', 'tree'],
]);

/** Conditions over the locks of the model: whoever waits for a notification demands nothing yet. */
class ConditionModel extends HoldsModel {
  readonly #orphaned = new Set<string>();

  protected override ask(request: SyncRequest, nowMs: number): void {
    const { operation } = request;
    if (operation.verb === 'wait_condition') this.#wait(request, operation.name, nowMs);
    else if (operation.verb === 'notify') this.#notify(request, operation.name, operation.count);
    else super.ask(request, nowMs);
  }

  protected override closing({ name }: Closing): void {
    this.#orphaned.add(name);
    for (const entry of this.#waitersOf(name)) this.#toLock(entry, 'impossible');
  }

  protected override timeOut(entry: Entry<Wish>): void {
    if (entry.detail.ending === 'notify') this.#toLock(entry, 'timed_out');
    else super.timeOut(entry);
  }

  /** A notification whose receiver was called off goes to the next. */
  protected override calledOff(entries: readonly Entry<Wish>[]): void {
    for (const { detail } of entries) {
      if (detail.condition === null || detail.ending !== 'granted') continue;
      const [next] = this.#waitersOf(detail.condition);
      if (next !== undefined) this.#toLock(next, 'granted');
    }
    super.calledOff(entries);
  }

  #wait(request: SyncRequest, condition: string, nowMs: number): void {
    const lock = lockOf.get(condition) ?? '';
    if (!this.owns(request.owner, lock)) {
      this.fail(request, 'not_owner');
      return;
    }
    if (this.#orphaned.has(condition)) {
      this.fail(request, 'impossible');
      return;
    }
    const state = this.state(lock);
    const permits = state.holdings[0]?.permits ?? 0;
    state.holdings = [];
    this.scan();
    const { deadlineMs } = request;
    const detail: Wish = { demands: [], condition, ending: 'notify' };
    const entry = { request, deadlineMs, detail: { ...detail, depth: permits } };
    this.waiting.push(entry);
    if (deadlineMs !== null && deadlineMs <= nowMs) this.#toLock(entry, 'timed_out');
  }

  #notify(request: SyncRequest, condition: string, count: number | 'all'): void {
    if (!this.owns(request.owner, lockOf.get(condition) ?? '')) {
      this.fail(request, 'not_owner');
      return;
    }
    const waiters = this.#waitersOf(condition);
    for (const entry of count === 'all' ? waiters : waiters.slice(0, count)) this.#toLock(entry, 'granted');
    this.grant(request);
  }

  #toLock(entry: Entry<Wish>, ending: Wish['ending']): void {
    const { condition } = entry.detail;
    const permits = 'depth' in entry.detail && typeof entry.detail.depth === 'number' ? entry.detail.depth : 1;
    const demands = [{ name: lockOf.get(condition ?? '') ?? '', permits }];
    this.waiting = this.waiting.filter((other) => other !== entry);
    this.waiting.push({ request: entry.request, deadlineMs: null, detail: { demands, condition, ending } });
    this.scan();
  }

  #waitersOf(condition: string): readonly Entry<Wish>[] {
    return this.waiting.filter(({ detail }) => detail.condition === condition && detail.ending === 'notify');
  }
}

const demands = fc.constantFrom(
  [{ name: 'file', permits: 1 }],
  [{ name: 'tree', permits: 1 }],
  [{ name: 'tree', permits: 2 }],
);
const name = fc.constantFrom(...lockOf.keys());

const acquire: fc.Arbitrary<Operation> = fc.record({ verb: fc.constant('acquire'), demands });

const asHolder: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: acquire },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('release'), demands }) },
  { weight: 5, arbitrary: fc.record({ verb: fc.constant('wait_condition'), name }) },
  {
    weight: 4,
    arbitrary: fc.record({ verb: fc.constant('notify'), name, count: fc.constantFrom<(number | 'all')[]>(1, 2, 'all') }),
  },
);

const operation: fc.Arbitrary<Operation> = fc.oneof({ weight: 5, arbitrary: acquire }, { weight: 1, arbitrary: asHolder });

/** Conditions over a plain and over a reentrant lock. */
export const conditionSubject: Subject = {
  definitions: [
    ...locks,
    ...[...lockOf].map(([condition, lock]) => ({ kind: 'condition' as const, name: condition, lock })),
  ],
  commands: commandsOf(operation, [{ type: 'orphan', name: 'changed' }], asHolder),
  createModel: () => new ConditionModel(locks),
  invariant: (snapshot) => {
    permitsAreConserved(locks, snapshot);
    for (const { operation: asked, reacquisition } of snapshot.waiting) {
      ok((asked.verb === 'wait_condition') === (reacquisition !== null));
    }
  },
};
