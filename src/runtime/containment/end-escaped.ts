import { sweepMarked } from '../processes/sweep-marked.ts';
import type { Containment } from './containment.ts';

/** What mpctl waits between SIGTERM and SIGKILL for what had left its group, in ms. */
const graceMs = 500;

/**
 * At the end of a run, when every group is empty: ends what belongs to it all the same. Gives a clause for each.
 *
 * @param helpers pids of what mpctl works with
 */
export async function endEscaped(runId: string, containment: Containment, helpers: readonly (number | null)[]): Promise<readonly string[]> {
  const own: ReadonlySet<number | null> = new Set([process.pid, ...helpers]);
  const swept = await sweepMarked(runId, graceMs, () => containment.members().filter((pid) => !own.has(pid)));
  return swept.map(({ pid, command, alive }) => {
    const what = command === null ? 'a process' : `\`${command}\``;
    return `${what} (pid ${pid}) had left its process group and ${alive ? 'could not be ended' : 'was ended'}`;
  });
}
