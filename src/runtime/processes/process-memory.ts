import { closeSync, openSync, readSync } from 'node:fs';

/** What is in the memory of a process from an address on; null where that cannot be read, for which it takes what it takes to read its system calls. */
export function readMemory(pid: number, address: bigint, length: number): Buffer | null {
  let memory: number;
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r');
  } catch {
    return null;
  }
  try {
    const bytes = Buffer.alloc(length);
    return readSync(memory, bytes, 0, length, address) === length ? bytes : null;
  } catch {
    return null;
  } finally {
    closeSync(memory);
  }
}
