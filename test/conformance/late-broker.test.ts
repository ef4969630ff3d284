import { createMemoryBroker } from '../../src/broker/memory-broker.ts';
import { brokerConformance } from './broker-conformance.ts';
import { createLateBroker } from './create-late-broker.ts';

for (const seed of [1, 2, 3]) {
  brokerConformance(`a broker that answers late (${String(seed)})`, (definitions) =>
    createLateBroker(createMemoryBroker(definitions), seed),
  );
}
