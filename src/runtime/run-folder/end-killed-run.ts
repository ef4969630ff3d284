import { dirname } from 'node:path';
import { visibleText } from '../../diagnostics/display-width.ts';
import { removeFile } from '../door/remove-file.ts';
import { socketPlaces } from '../door/socket-place.ts';
import type { SweptProcess } from '../processes/sweep-marked.ts';
import { awaitEndOfKilled } from './await-end-of-killed.ts';
import { forgetRunning } from './running-runs.ts';
import type { FoundRun } from './run-record.ts';

/** So many are named, those first that could not be ended, and so much of a command line is. */
const shownProcesses = 10;
const shownCharacters = 80;

/**
 * Sees to it that nothing of a run is left whose mpctl was killed, neither processes nor its socket, and gives
 * the processes that nobody had ended: its guardian was killed with it.
 *
 * @param onWait called once where its guardian is still at that
 */
export async function endKilledRun(run: FoundRun, environment: Readonly<Record<string, string | undefined>>, onWait: () => void): Promise<readonly SweptProcess[]> {
  const { folder, record } = run;
  const ended = await awaitEndOfKilled(run, onWait);
  for (const socket of socketPlaces(folder, record.id, environment)) removeFile(socket);
  // Somebody who could not be ended is tried again the next time.
  if (ended.every(({ alive }) => !alive)) forgetRunning(dirname(folder), record.id);
  return ended;
}

/** What is said of a killed run and of those that it had left: a clause for people. */
export function describeLeft(id: string, ended: readonly SweptProcess[]): string {
  const shown = ended.toSorted((a, b) => Number(b.alive) - Number(a.alive)).slice(0, shownProcesses).map(describeProcess);
  const count = ended.length === 1 ? 'one process' : `${ended.length} processes`;
  const others = ended.length > shown.length ? ` and ${ended.length - shown.length} more` : '';
  return `the run ${id} was killed, and its guardian with it: ended ${count} that it had left, ${shown.join(', ')}${others}`;
}

/** Its command line is its own to choose: it may be a whole script, or move the cursor of a terminal. */
function describeProcess({ pid, command, alive }: SweptProcess): string {
  const text = visibleText(command ?? '?');
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return `${pid} \`${shown}\`${alive ? ' (which could not be ended)' : ''}`;
}
