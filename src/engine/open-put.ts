/* The puts that stand between an end and its being told: of lines that a process wrote, of records of a pool. */
import type { Context } from './context.ts';
import type { ProcessKey } from './engine-event.ts';
import type { PendingRequest } from './request-purpose.ts';
import type { Unit } from './unit-state.ts';

/** The put of a line that is all that a process can still wait for; null while anything of it lives. */
export function openPutOf(context: Context, key: ProcessKey | null): PendingRequest | null {
  const process = key === null ? undefined : context.processes.get(key);
  if (process === undefined || process.exit === null || process.groupIsAlive || process.linePut === null) return null;
  return context.requests.get(process.linePut) ?? null;
}

/** Of an instance or a pool, the first put that only room in a queue ends; null where there is none. */
export function firstOpenPut(context: Context, unit: Unit): PendingRequest | null {
  const owners = unit.type === 'pool' ? [...unit.tasks.values()] : [unit];
  for (const { process, machine } of owners) {
    const blocked = machine === null ? undefined : context.machines.get(machine)?.blocked;
    const put = openPutOf(context, blocked?.type === 'process' ? blocked.key : process);
    if (put !== null) return put;
  }
  if (unit.type === 'instance' || unit.recordPut === null) return null;
  return context.requests.get(unit.recordPut) ?? null;
}
