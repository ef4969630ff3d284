import { accessSync, closeSync, constants, openSync, realpathSync, statSync } from 'node:fs';
import { withoutStackTrace } from '../without-stack-trace.ts';

/**
 * Whether this is a named pipe that may be opened: then that waits for whoever opens its other end, and must
 * not be done here, where everything else would wait as well.
 */
export function isNamedPipe(path: string, use: 'read' | 'write'): boolean {
  return nameOfPipe(path, use) !== null;
}

/** The name by which everybody finds such a pipe; null for all else, and for what `/dev/stdout` stands for here alone. */
export function nameOfPipe(path: string, use: 'read' | 'write'): string | null {
  try {
    const name = realpathSync.native(path);
    accessSync(name, use === 'read' ? constants.R_OK : constants.W_OK);
    return statSync(name).isFIFO() ? name : null;
  } catch {
    return null;
  }
}

/**
 * Opens a named pipe to write, without waiting: null where nobody has it open to read. Whoever reads takes the
 * closing of it for the end of all, unless somebody else has it open to write by then.
 */
export function openIfRead(path: string): number | null {
  try {
    return withoutStackTrace(() => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // ENXIO; or it is gone, and what is found instead is told by whoever looks again.
    return null;
  }
}

/** Opens a file to write; a named pipe only where somebody reads it. @throws the error of the system */
export function openToWrite(path: string, flags: number | 'a' | 'w'): number {
  if (!isNamedPipe(path, 'write')) return openSync(path, flags, 0o666);
  const first = openIfRead(path);
  if (first === null) throw new Error('it is a named pipe that nobody reads');
  try {
    // That one would not wait for its reader when it writes.
    return openSync(path, flags);
  } finally {
    closeSync(first);
  }
}
