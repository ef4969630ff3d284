import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Among which processes a pid of this one is to be looked for: the boot of the machine, and the PID namespace. In a
 * container, or on another machine that has the same folder, it is somebody else's. Empty where there is only one.
 */
export function ownPidSpace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}
