import type { SpecHost } from '../../spec/loaded-spec.ts';

/** What planning needs of the machine: its environment, its size, and the files of variables. */
export type PlanHost = Pick<SpecHost, 'environment' | 'cpuCount' | 'readFile'>;
