import { deepStrictEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Operation, SyncRequest } from '../../../src/sync/operation.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
import { type Entry, NaiveModel } from './naive-model.ts';

const parties = 3;
const barrierTimeoutMs = 6;

/** One barrier of three parties. */
class BarrierModel extends NaiveModel<null> {
  #broken = false;
  #closed = false;

  protected ask(request: SyncRequest, nowMs: number): void {
    const { verb } = request.operation;
    if (verb !== 'wait_barrier') {
      this.grant(request);
      this.#breakUp();
      if (verb === 'reset_barrier') this.#broken = this.#closed;
      return;
    }
    if (this.#broken) {
      this.fail(request, 'broken');
    } else if (this.waiting.length === parties - 1) {
      for (const [index, entry] of this.waiting.entries()) this.grant(entry.request, index);
      this.waiting = [];
      this.grant(request, parties - 1);
    } else if (!this.waitOrTimeOut(request, nowMs, null, request.deadlineMs ?? nowMs + barrierTimeoutMs)) {
      this.#breakUp();
    }
  }

  protected closing(): void {
    this.#closed = true;
    this.#breakUp();
  }

  protected ended(): void {
    // Its arrival has gone with its wait.
  }

  protected calledOff(): void {
    // Nobody else goes on.
  }

  protected override timeOut(entry: Entry<null>): void {
    super.timeOut(entry);
    this.#breakUp();
  }

  #breakUp(): void {
    this.#broken = true;
    for (const entry of this.waiting) this.failEntry(entry, 'broken');
  }
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Operation>({ verb: 'wait_barrier', name: 'start' }) },
  { weight: 1, arbitrary: fc.constant<Operation>({ verb: 'abort_barrier', name: 'start' }) },
  { weight: 3, arbitrary: fc.constant<Operation>({ verb: 'reset_barrier', name: 'start' }) },
);

/** A barrier with a time limit of its own. */
export const barrierSubject: Subject = {
  definitions: [{ kind: 'barrier', name: 'start', parties, timeoutMs: barrierTimeoutMs }],
  commands: commandsOf(operation, [{ type: 'break', name: 'start' }]),
  createModel: () => new BarrierModel(),
  invariant: ({ primitives: [barrier], waiting }) => {
    ok(barrier?.kind === 'barrier' && barrier.arrived.length < parties);
    deepStrictEqual(barrier.arrived, waiting.map(({ owner }) => owner));
  },
};
