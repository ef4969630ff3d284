/**
 * Does what throws as often as not, such as asking the system whether something exists: the stack trace
 * that nobody reads costs several times what the system call does.
 */
export function withoutStackTrace<T>(action: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return action();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
