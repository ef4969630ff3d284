import type { Broker } from '../../src/broker/broker.ts';
import { createMemoryBroker as createPromptBroker } from '../../src/broker/memory-broker.ts';
import type { PrimitiveDefinition } from '../../src/sync/definition.ts';
import { createLateBroker } from './create-late-broker.ts';

/** Stands in for the broker of a whole run: one that answers late, in another order. */
export function createMemoryBroker(definitions: readonly PrimitiveDefinition[]): Broker {
  return createLateBroker(createPromptBroker(definitions), 1);
}
