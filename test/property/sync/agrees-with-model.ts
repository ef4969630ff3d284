import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { SyncSnapshot } from '../../../src/sync/snapshot.ts';
import { type Command, instances } from './commands.ts';
import { Driver } from './driver.ts';
import type { MachineFactory, Model } from './machine.ts';
import { nobodyIsStranded } from './nobody-is-stranded.ts';

/** What a property of one primitive is made of. */
export interface Subject {
  readonly definitions: readonly PrimitiveDefinition[];
  readonly commands: fc.Arbitrary<Command[]>;
  readonly createModel: () => Model;
  /** What must hold in every state, told from the snapshot alone. */
  readonly invariant: (snapshot: SyncSnapshot) => void;
}

/**
 * The property of a primitive: whatever happens, the machine says exactly what the naive model says,
 * its state keeps the invariant, nobody waits for what is there, and when everybody has ended every
 * request has had its one outcome.
 */
export function agreesWithModel(subject: Subject, createMachine: MachineFactory): fc.IProperty<[Command[]]> {
  return fc.property(subject.commands, (commands) => {
    const machine = createMachine(subject.definitions);
    const model = subject.createModel();
    const driver = new Driver();
    const ends = instances.map((instance): Command => ({ type: 'end', instance, final: true }));
    for (const command of [...commands, ...ends]) {
      const call = driver.callFor(command);
      if (call === null) continue;
      const events = call(machine);
      deepStrictEqual(events, call(model));
      driver.heard(events);
      deepStrictEqual(machine.nextDeadlineMs(), model.nextDeadlineMs());
      const snapshot = machine.snapshot();
      subject.invariant(snapshot);
      nobodyIsStranded(subject.definitions, snapshot);
    }
    driver.everythingSettled();
    deepStrictEqual(machine.snapshot().waiting, []);
  });
}
