import { launchAll } from './worker-harness.ts';

/* To be imported before the tests of workers, which then hold for those that a launcher starts. */
launchAll();
