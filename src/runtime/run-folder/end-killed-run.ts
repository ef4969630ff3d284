import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { socketPlaces } from '../door/socket-place.ts';
import type { SweptProcess } from '../processes/sweep-marked.ts';
import { awaitEndOfKilled } from './await-end-of-killed.ts';
import { forgetRunning } from './running-runs.ts';
import type { FoundRun } from './run-record.ts';

/**
 * Sees to it that nothing of a run is left whose mpctl was killed, neither processes nor its socket, and gives
 * the processes that nobody had ended: its guardian was killed with it.
 *
 * @param onWait called once where its guardian is still at that
 */
export async function endKilledRun(run: FoundRun, environment: Readonly<Record<string, string | undefined>>, onWait: () => void): Promise<readonly SweptProcess[]> {
  const { folder, record } = run;
  const ended = await awaitEndOfKilled(run, onWait);
  for (const socket of socketPlaces(folder, record.id, environment)) rmSync(socket, { force: true });
  // Somebody who could not be ended is tried again the next time.
  if (ended.every(({ alive }) => !alive)) forgetRunning(dirname(folder), record.id);
  return ended;
}

/** What is said of a killed run and of those that it had left: a clause for people. */
export function describeLeft(id: string, ended: readonly SweptProcess[]): string {
  const shown = ended.map(({ pid, command, alive }) => `${pid} \`${command ?? '?'}\`${alive ? ' (which could not be ended)' : ''}`);
  const count = ended.length === 1 ? 'one process' : `${ended.length} processes`;
  return `the run ${id} was killed, and its guardian with it: ended ${count} that it had left, ${shown.join(', ')}`;
}
