import { everyStepSpec, fairOrderingSpec, fairSpec, fragilePoolSpec, lockableSpec, looseSpec, orderingSpec, pipedSpec } from './lockable-spec.ts';

/** All kinds of random specs, each with what its processes are like. */
export const kindsOfSpecs = [
  ['that wait for each other', lockableSpec],
  ['that wait for each other in the order of their arrival', fairSpec],
  ['that give back what others hold', looseSpec],
  ['with pipes between them', pipedSpec],
  ['that start and end each other', orderingSpec],
  ['that do so, and wait in the order of their arrival', fairOrderingSpec],
  ['with every step there is', everyStepSpec],
  ['beside a pool that may fail and be halted', fragilePoolSpec],
] as const;
