import { closeSync } from 'node:fs';
import type { FifoPool } from './fifo-pool.ts';
import { openFifo } from './fifo.ts';

/**
 * One kernel pipe between two workers; no byte passes through mpctl. Give `writeFd` to the producer
 * and `readFd` to the consumer as `{ type: 'fd', fd }`, in any order and at any distance in time:
 * what the producer writes meanwhile stays in the pipe.
 *
 * Both ends are also held here. While the write end is held, the consumer sees no end of file; while
 * the read end is held, the producer gets no SIGPIPE and blocks at a full pipe. So:
 * call `closeWriteEnd` when the producer has started for the last time or will never start, and
 * `closeReadEnd` when the consumer has started for the last time, has ended for good, or will never
 * start. Keep the read end while the consumer may be restarted: then at most what it had already
 * read is lost.
 */
export interface StdioPipe {
  readonly writeFd: number;
  readonly readFd: number;
  /** Closing twice is allowed. */
  closeWriteEnd(): void;
  /** Closing twice is allowed. */
  closeReadEnd(): void;
  /** Closes what is still open. */
  close(): void;
}

/** Opens a pipe between two workers; null where named pipes cannot be made or opened. */
export function openStdioPipe(fifos: FifoPool): StdioPipe | null {
  const path = fifos.takeNow();
  if (path === null) return null;
  try {
    const { readFd, writeFd } = openFifo(path, 'none');
    const open = new Set([readFd, writeFd]);
    const closeOnce = (fd: number): void => {
      if (open.delete(fd)) closeSync(fd);
    };
    return {
      writeFd,
      readFd,
      closeWriteEnd: () => closeOnce(writeFd),
      closeReadEnd: () => closeOnce(readFd),
      close: () => {
        closeOnce(writeFd);
        closeOnce(readFd);
      },
    };
  } catch {
    return null;
  }
}
