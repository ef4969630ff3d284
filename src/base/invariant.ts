/** A bug in mpctl itself: caught only by the command line, which reports it and ends with 70. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * States what must hold whatever the user does.
 *
 * @throws InvariantError when it does not: a bug of ours, never an answer to bad input.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Gives a value that must exist here, and names the broken assumption when it does not. */
export function present<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new InvariantError(message);
  return value;
}

/** Closes an exhaustive switch: the compiler refuses a case that was forgotten. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected value: ${JSON.stringify(value)}`);
}
