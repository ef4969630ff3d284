import { writeSync } from 'node:fs';
import { ownPidSpace } from './processes/pid-space.ts';
import { ownStartTime, type ProcessIdentity } from './run-folder/run-record.ts';

/** Names the mpctl outside of the PID namespace to the one inside. */
const variable = 'MPCTL_OUTSIDE';
/** The line between both. */
export const lineFd = 4;

/** The mpctl that was called, where this one runs in its place in a PID namespace. */
export type Outside = ProcessIdentity;

/** The variable that tells the mpctl inside of this one. */
export function outsideVariable(): Readonly<Record<string, string>> {
  return { [variable]: `${process.pid} ${ownStartTime()} ${ownPidSpace()}` };
}

/** Who is outside, and takes the variable away, which is for nobody else; null where this mpctl is not inside. */
export function takeOutside(environment: NodeJS.ProcessEnv): Outside | null {
  const text = environment[variable];
  if (text === undefined) return null;
  Reflect.deleteProperty(environment, variable);
  const { pid, startTime, pidSpace } = /^(?<pid>\d+) (?<startTime>\d+) (?<pidSpace>.+)$/u.exec(text)?.groups ?? {};
  return startTime === undefined || pidSpace === undefined ? null : { pid: Number(pid), startTime, pidSpace };
}

/** Tells the mpctl outside how this one ends: of a shell between both it would not hear whether a signal was it. */
export function tellOutside(end: string): void {
  try {
    writeSync(lineFd, `${end}\n`);
  } catch {
    // Nobody is there any more.
  }
}
