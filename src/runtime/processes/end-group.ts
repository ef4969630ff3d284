import { setTimeout as delay } from 'node:timers/promises';
import { runningMs } from '../running-ms.ts';
import { groupIsAlive } from './group-looks.ts';
import { signalGroup } from './process-table.ts';

/** Between two looks whether anybody is left, in ms. */
const lookMs = 20;
/** Between SIGTERM and SIGKILL, and so long is waited for the end after that, in ms. */
const graceMs = 1000;

/** Ends whoever is left of a process group; resolves when nobody is, or nothing more can be done. */
export async function endGroup(group: number): Promise<void> {
  // A stopped process hears of nothing until it goes on.
  for (const signals of [['SIGTERM', 'SIGCONT'], ['SIGKILL']] as const) {
    for (const signal of signals) signalGroup(group, signal);
    const untilMs = runningMs() + graceMs;
    while (groupIsAlive(group)) {
      if (runningMs() >= untilMs) break;
      await delay(lookMs);
    }
    if (!groupIsAlive(group)) return;
  }
}
