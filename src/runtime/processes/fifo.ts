import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { systemErrorCode } from '../system-error-code.ts';
import { withoutStackTrace } from '../without-stack-trace.ts';

/** The two ends of one kernel pipe, both open in this process and closed on exec. */
export interface FifoEnds {
  readonly readFd: number;
  readonly writeFd: number;
}

/**
 * Opens both ends of a named pipe. A FIFO, unlike the socket pairs that Node calls pipes, can be opened
 * again through `/dev/stdout` and raises SIGPIPE, as POSIX defines it. A pipe that is read here keeps
 * its name, since it may serve again; any other loses it.
 *
 * `nonBlocking` is the end that stays in this process: only that one is opened with O_NONBLOCK, which
 * would otherwise leak into the program at the other end; `none` when both ends go to programs.
 *
 * @throws the error of the system call; nothing is left open then.
 */
export function openFifo(path: string, nonBlocking: 'read' | 'write' | 'none'): FifoEnds {
  const opened: number[] = [];
  try {
    // A reader that does not block lets the writer be opened, and the writer lets any reader be opened.
    const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    opened.push(first);
    const writeFlags = nonBlocking === 'write' ? constants.O_NONBLOCK : 0;
    const writeFd = openSync(path, constants.O_WRONLY | writeFlags);
    opened.push(writeFd);
    if (nonBlocking === 'read') return { readFd: first, writeFd };
    const readFd = openSync(path, constants.O_RDONLY);
    opened.push(readFd);
    unlinkSync(path);
    closeSync(first);
    return { readFd, writeFd };
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  }
}

/**
 * Whether some process reads the named pipe. POSIX: to open a FIFO for writing only, with O_NONBLOCK,
 * fails with ENXIO while nobody has it open for reading.
 */
export function isRead(path: string): boolean {
  try {
    closeSync(withoutStackTrace(() => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)));
    return true;
  } catch (error) {
    return systemErrorCode(error) !== 'ENXIO';
  }
}
