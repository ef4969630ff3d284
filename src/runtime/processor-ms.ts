/** Milliseconds that processors have worked for this process, all of its threads together (POSIX `getrusage`): what else a machine does is no part of it. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
