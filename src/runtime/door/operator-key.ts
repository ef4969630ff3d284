import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileName = 'operator.key';

/** How somebody at another terminal gets into a run. */
export interface OperatorKey {
  readonly key: string;
  /** Absolute path of the socket. */
  readonly socket: string;
}

/** Leaves the key in the run folder, for the user alone; the error of the system call where it cannot. */
export function writeOperatorKey(runFolder: string, { key, socket }: OperatorKey): void {
  writeFileSync(join(runFolder, fileName), `${key}\n${socket}\n`, { mode: 0o600 });
}

/** The key of a run that goes on; null where there is none that can be read. */
export function readOperatorKey(runFolder: string): OperatorKey | null {
  try {
    const [key, socket] = readFileSync(join(runFolder, fileName), 'utf8').split('\n');
    return key === undefined || socket === undefined || socket === '' ? null : { key, socket };
  } catch {
    return null;
  }
}
