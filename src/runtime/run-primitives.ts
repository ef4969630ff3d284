import { createMemoryBroker } from '../broker/memory-broker.ts';
import type { PrimitiveDefinition } from '../sync/definition.ts';
import { Contention } from './contention.ts';
import { Credits } from './credits.ts';
import { DelegatingBroker } from './delegating-broker.ts';
import { Bells } from './door/bells.ts';
import type { ClientFiles } from './door/client-files.ts';
import { HandshakeFiles } from './door/handshake-files.ts';
import type { Loans } from './door/loans.ts';
import { HandoffBroker } from './handoff-broker.ts';
import { ReceivesAhead } from './receives-ahead.ts';
import { settledBroker } from './settled-broker.ts';

/** The primitives of a run: each broker leaves more to the programs than the one behind it. */
export interface RunPrimitives {
  /** The first of them, which everybody asks. */
  readonly broker: ReceivesAhead;
  readonly handoffs: HandoffBroker;
  readonly locks: DelegatingBroker;
  readonly credits: Credits;
  readonly handshakes: HandshakeFiles;
  readonly bells: Bells;
}

/** What they are made of. */
interface RunPrimitivesOptions {
  readonly definitions: readonly PrimitiveDefinition[];
  readonly files: ClientFiles;
  readonly loans: Loans;
  readonly nowMs: () => number;
}

/** Makes the primitives of a run in the memory of this process. */
export function runPrimitives({ definitions, files, loans, nowMs }: RunPrimitivesOptions): RunPrimitives {
  const keeper = createMemoryBroker(definitions);
  const credits = new Credits({ broker: keeper, files, nowMs });
  const handshakes = new HandshakeFiles(files);
  const bells = new Bells(files);
  const locks = new DelegatingBroker(settledBroker(keeper, { loans, credits, definitions, nowMs }), handshakes, nowMs);
  const handoffs = new HandoffBroker(locks, { files, bells, contention: new Contention(), nowMs });
  const broker = new ReceivesAhead(handoffs, { definitions, handshakes, files, nowMs });
  return { broker, handoffs, locks, credits, handshakes, bells };
}
