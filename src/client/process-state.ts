import type { Json } from '../base/json.ts';
import { numberOrNull, textOf, truthOf } from './answer.ts';
import { fieldOf } from './field-of.ts';

/** One instance of a process of the run. */
export interface ProcessState {
  /** Name of the instance. */
  readonly name: string;
  /** Name of the process that it is an instance of. */
  readonly process: string;
  readonly kind: string;
  readonly state: string;
  /** null while no command runs. */
  readonly pid: number | null;
  /** null while it runs, N, or -N when signal N ended it. */
  readonly exitcode: number | null;
  readonly isAlive: boolean;
}

/** Reads one line of `process.list`. */
export function readProcessState(answer: Json): ProcessState {
  return {
    name: textOf(fieldOf(answer, 'name')),
    process: textOf(fieldOf(answer, 'process')),
    kind: textOf(fieldOf(answer, 'kind')),
    state: textOf(fieldOf(answer, 'state')),
    pid: numberOrNull(fieldOf(answer, 'pid')),
    exitcode: numberOrNull(fieldOf(answer, 'exitcode')),
    isAlive: truthOf(fieldOf(answer, 'is_alive')),
  };
}
