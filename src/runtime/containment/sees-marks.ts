import { readFileSync } from 'node:fs';

/** Whether the environments of processes can be read, so that those are found that have left their group. */
export function seesMarks(): boolean {
  try {
    readFileSync('/proc/self/environ');
    return true;
  } catch {
    return false;
  }
}
