import { fstatSync, write, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemErrorCode } from '../system-error-code.ts';

/** Between two tries to write to a pipe that somebody has made non-blocking and that is full. */
const retryMs = 5;

/** Whether these go to files, which nobody reads from slowly: to hand a piece over to another thread costs more than to write it. */
const areFiles = new Map<number, boolean>();

/**
 * Writes all of the bytes, without keeping the event loop from signals while the reader is slow.
 *
 * @throws the error of the system call that failed.
 */
export async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(isFile(descriptor) ? writeSync(descriptor, rest) : await writeSome(descriptor, rest));
}

function isFile(descriptor: number): boolean {
  const known = areFiles.get(descriptor) ?? fstatSync(descriptor).isFile();
  areFiles.set(descriptor, known);
  return known;
}

async function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  for (;;) {
    try {
      return await new Promise<number>((resolve, reject) => {
        write(descriptor, bytes, (error, count) => {
          if (error === null) resolve(count);
          else reject(error);
        });
      });
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') throw error;
      await delay(retryMs);
    }
  }
}
