/** Exit codes of the command line outside a worker (language page, "The command line"). */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  invalidSpec: 3,
  environment: 4,
  deadlock: 5,
  bug: 70,
  timeout: 124,
} as const;

/** What each exit code says, for the help and the reference: every code above, and an end by a signal. */
export const exitMeanings: readonly (readonly [code: string, meaning: string])[] = [
  [String(exitCodes.success), 'everything that counts has succeeded; the spec is valid'],
  [String(exitCodes.failure), 'a process, a task or a check failed'],
  [String(exitCodes.usage), 'the command line was wrong'],
  [String(exitCodes.invalidSpec), 'the spec is invalid'],
  [String(exitCodes.environment), 'a file, a socket or a permission was missing'],
  [String(exitCodes.deadlock), 'a deadlock was met'],
  [String(exitCodes.bug), 'a bug in mpctl'],
  [String(exitCodes.timeout), "the run's `timeout` ran out"],
  ['128+n', 'ended by signal n: mpctl cleans up and then dies of that signal, so that a shell sees 128+n'],
];
