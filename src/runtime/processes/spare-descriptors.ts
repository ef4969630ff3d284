import { closeSync, openSync } from 'node:fs';

/** What one start of execa needs at most. */
const needed = 10;

/**
 * Whether enough file descriptors are left to start a command through execa, which answers EMFILE with
 * an error that nobody can catch. Costs about 20 µs.
 */
export function hasSpareDescriptors(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < needed) opened.push(openSync('/dev/null', 'r'));
    return true;
  } catch {
    return false;
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}
