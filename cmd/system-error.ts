import { getSystemErrorMap } from 'node:util';

/** An error of the operating system: its name and a sentence for people. */
export interface SystemErrorText {
  /** `ENOENT`, `EACCES` … */
  readonly code: string;
  /** For example `permission denied (EACCES)`. */
  readonly sentence: string;
}

/**
 * Translates what a call of Node's file functions threw.
 *
 * @throws the error itself where it did not come from the operating system: that is a bug.
 */
export function describeSystemError(error: unknown): SystemErrorText {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) throw error;
  const { code, errno } = error;
  if (typeof code !== 'string' || typeof errno !== 'number') throw error;
  const description = getSystemErrorMap().get(errno)?.[1];
  return { code, sentence: description === undefined ? code : `${description} (${code})` };
}
