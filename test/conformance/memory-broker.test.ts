import { createMemoryBroker } from '../../src/broker/memory-broker.ts';
import { brokerConformance } from './broker-conformance.ts';

brokerConformance('the memory broker', createMemoryBroker);
