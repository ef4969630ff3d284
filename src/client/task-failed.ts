import { MpctlError } from './mpctl-error.ts';

/** A task of a pool did not succeed. */
export class TaskFailed extends MpctlError {
  override readonly name = 'TaskFailed';
  /** `failed`, `signalled`, `timed_out`, `lost` or `cancelled`. */
  readonly fate: string;
  readonly task: number;

  constructor(task: number, fate: string, message: string) {
    super('task_failed', message);
    this.task = task;
    this.fate = fate;
  }
}
