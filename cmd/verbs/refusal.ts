import type { ErrorKind } from '../../src/protocol/error-kind.ts';

/** Why a verb has no answer. */
export interface Refusal {
  /** null where it is not the run that refuses. */
  readonly kind: ErrorKind | null;
  readonly message: string;
  /** What to do about it; null where nothing is to be said. */
  readonly hint: string | null;
  readonly exitCode: number;
}

/** Exit codes of verbs (language page, "Exit codes inside a worker"). */
export const verbExitCodes = {
  yes: 0,
  no: 1,
  usage: 2,
  endOfStream: 3,
  broken: 4,
  deadlock: 5,
  notInRun: 69,
  bug: 70,
  timeout: 124,
  notExecutable: 126,
  notFound: 127,
} as const;

/** Wrong usage, on its way to the one place that says so. */
export class UsageProblem extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null) {
    super(message);
    this.hint = hint;
  }
}
