/** How one kind of refusal looks in each of the three ways to ask. */
interface ErrorForm {
  /** JSON-RPC 2.0 error code. */
  readonly code: number;
  /** HTTP status. */
  readonly status: number;
  /** Exit code of a verb (language page, "Exit codes inside a worker"). */
  readonly exitCode: number;
  /** For the reference. */
  readonly meaning: string;
}

/** Every way in which a call can come back without a result. */
export const errorForms = {
  parse_error: { code: -32700, status: 400, exitCode: 2, meaning: 'a frame or body is not JSON' },
  invalid_request: { code: -32600, status: 400, exitCode: 2, meaning: 'a frame is not a request' },
  unknown_method: { code: -32601, status: 404, exitCode: 2, meaning: 'there is no such method' },
  wrong_verb: { code: -32001, status: 405, exitCode: 2, meaning: 'the path of a method was asked over HTTP with another verb than `POST`' },
  invalid_params: { code: -32602, status: 400, exitCode: 2, meaning: 'parameters are missing, unknown or of a wrong type' },
  too_large: { code: -32000, status: 413, exitCode: 2, meaning: 'a frame or body is larger than the door takes' },
  unauthorized: { code: 1, status: 401, exitCode: 4, meaning: 'no key, a wrong one, one of another run, or of an attempt that has ended' },
  not_found: { code: 2, status: 404, exitCode: 2, meaning: 'the spec has nothing of that name and kind' },
  not_declared: { code: 3, status: 403, exitCode: 4, meaning: 'the spec does not say that this instance does that' },
  would_block: { code: 4, status: 409, exitCode: 1, meaning: 'a call that may not wait would have to' },
  full: { code: 5, status: 409, exitCode: 1, meaning: 'a queue or pipe is full, and the call may not wait' },
  empty: { code: 6, status: 409, exitCode: 1, meaning: 'a queue or pipe is empty, and the call may not wait' },
  timed_out: { code: 7, status: 408, exitCode: 124, meaning: 'the time of a wait is over' },
  end_of_stream: { code: 8, status: 410, exitCode: 3, meaning: 'nothing is left, and nobody can still put or send' },
  broken: { code: 9, status: 409, exitCode: 4, meaning: 'a barrier is broken, or nobody can still get or receive' },
  impossible: { code: 10, status: 409, exitCode: 4, meaning: 'a wait can no longer come true' },
  not_owner: { code: 11, status: 409, exitCode: 4, meaning: 'what is released or notified is not held by the caller' },
  closed: { code: 12, status: 409, exitCode: 4, meaning: 'the caller has closed its own end before' },
  refused: { code: 13, status: 409, exitCode: 4, meaning: 'what was asked cannot be done in this state; the message says why' },
  cancelled: { code: 14, status: 409, exitCode: 4, meaning: 'the wait was called off: by the caller, or because its instance ends' },
  deadlock: { code: 15, status: 409, exitCode: 5, meaning: 'the caller would wait for itself for ever' },
  ended: { code: 16, status: 409, exitCode: 4, meaning: 'the instance of the caller, its attempt, or the run has ended' },
} as const satisfies Readonly<Record<string, ErrorForm>>;

/** The stable name of a refusal. */
export type ErrorKind = keyof typeof errorForms;

/** Why a call has no result. */
export interface CallError {
  readonly kind: ErrorKind;
  /** One sentence for people, without a final period. */
  readonly message: string;
  /** Of items to be put that are given together: how many of them, from the first on, were put before; not there where none was. */
  readonly put?: number;
}

/** Whether a text, from the other side of a socket, is the name of a refusal. */
export function isErrorKind(text: unknown): text is ErrorKind {
  return typeof text === 'string' && Object.hasOwn(errorForms, text);
}
