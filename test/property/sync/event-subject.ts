import fc from 'fast-check';
import type { Operation, SyncRequest } from '../../../src/sync/operation.ts';
import type { Subject } from './agrees-with-model.ts';
import { commandsOf } from './commands.ts';
import { NaiveModel } from './naive-model.ts';

/** One event. */
class EventModel extends NaiveModel<null> {
  #isSet = false;
  #orphaned = false;

  protected ask(request: SyncRequest, nowMs: number): void {
    const { verb } = request.operation;
    if (verb === 'wait_event') {
      if (this.#isSet) this.grant(request);
      else if (this.#orphaned) this.fail(request, 'impossible');
      else this.waitOrTimeOut(request, nowMs, null);
      return;
    }
    this.#isSet = verb === 'set';
    this.grant(request);
    if (!this.#isSet) return;
    for (const entry of this.waiting) this.grant(entry.request);
    this.waiting = [];
  }

  protected closing(): void {
    this.#orphaned = true;
    for (const entry of this.waiting) this.failEntry(entry, 'impossible');
  }

  protected ended(): void {
    // Nobody owns an event.
  }

  protected calledOff(): void {
    // Nobody else goes on.
  }
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Operation>({ verb: 'wait_event', name: 'go' }) },
  { weight: 1, arbitrary: fc.constant<Operation>({ verb: 'set', name: 'go' }) },
  { weight: 1, arbitrary: fc.constant<Operation>({ verb: 'clear', name: 'go' }) },
);

/** An event that is set, cleared, waited for and orphaned. */
export const eventSubject: Subject = {
  definitions: [{ kind: 'event', name: 'go', set: false }],
  commands: commandsOf(operation, [{ type: 'orphan', name: 'go' }]),
  createModel: () => new EventModel(),
  invariant: () => undefined,
};
