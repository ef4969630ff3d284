import type { ErrorKind } from '../protocol/error-kind.ts';

/** What only a client can find: there is no run, the connection is gone, a task of a pool did not succeed. */
export type ClientErrorKind = 'not_in_run' | 'disconnected' | 'unexpected_answer' | 'task_failed';

/** Every refusal of a run and every failure of a connection is one; `kind` is its stable name. */
export class MpctlError extends Error {
  override readonly name: string = 'MpctlError';
  readonly kind: ErrorKind | ClientErrorKind;
  /** Of `putAll`: how many of its items, from the first on, were put all the same. */
  put = 0;

  constructor(kind: ErrorKind | ClientErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
