import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Between two tries to write to a run that has not read enough yet, in ms. */
const retryMs = 1;

/**
 * Writes what a socket has not handed to the system: for a program that exits, whose event loop does not
 * come to it any more. `underWay` is what the socket was given last, and may have written in part.
 */
export function writeRest(socket: Socket, underWay: Buffer | null, unsent: string): void {
  // What Node knows of the descriptor is on its own object only.
  const handle: unknown = Reflect.get(socket, '_handle');
  const file = numberIn(handle, 'fd');
  const left = underWay === null ? 0 : numberIn(handle, 'writeQueueSize');
  if (file === null || file < 0 || left === null) {
    socket.write(unsent);
    return;
  }
  const bytes = Buffer.concat([underWay?.subarray(underWay.length - left) ?? Buffer.alloc(0), Buffer.from(unsent)]);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      // Where the run has ended, nobody is left to tell.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      Atomics.wait(pause, 0, 0, retryMs);
    }
  }
}

function numberIn(object: unknown, name: string): number | null {
  if (typeof object !== 'object' || object === null) return null;
  const value: unknown = Reflect.get(object, name);
  return typeof value === 'number' ? value : null;
}
