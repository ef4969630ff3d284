import type { Closing } from '../../../src/sync/closing.ts';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { Owner, SyncEvent, SyncRequest } from '../../../src/sync/operation.ts';
import type { SyncSnapshot } from '../../../src/sync/snapshot.ts';

/** What a naive model and the table have in common. */
export interface Model {
  request(request: SyncRequest, nowMs: number): SyncEvent[];
  cancel(requestId: number): SyncEvent[];
  close(closing: Closing): SyncEvent[];
  ownerEnded(instance: string, final: boolean): SyncEvent[];
  holderEnded(owner: Owner): SyncEvent[];
  expire(nowMs: number): SyncEvent[];
  nextDeadlineMs(): number | null;
}

/** The table, or a mutant of it. */
export interface Machine extends Model {
  snapshot(): SyncSnapshot;
}

/** Makes the thing under test. */
export type MachineFactory = (definitions: readonly PrimitiveDefinition[]) => Machine;
