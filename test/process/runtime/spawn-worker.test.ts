import { describe } from 'vitest';
import { describeSpawnFailure } from './spawn-failure-suite.ts';
import { describeSpawnWorker } from './spawn-worker-suite.ts';

describe('started on the spot', () => {
  describeSpawnWorker();
  describeSpawnFailure();
});
