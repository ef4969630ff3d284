import { readSync } from 'node:fs';
import type { Socket } from 'node:net';

const chunkBytes = 64 * 1024;

/**
 * Reads what a client has asked before it died, and hands it over, where a write to it finds out that it is gone: Node then destroys
 * the socket, and with it what was not read yet, though the system still has it (unix(7): a closed peer is `EPIPE` for
 * whoever writes, and nothing for whoever reads what has come). `onBytes` is called before the socket is closed.
 */
export function readBeforeDestroyed(socket: Socket, onBytes: (bytes: Buffer) => void): void {
  const destroy = socket._destroy.bind(socket);
  socket._destroy = (error, callback) => {
    if (error !== null) readTheRest(socket, onBytes);
    destroy(error, callback);
  };
}

function readTheRest(socket: Socket, onBytes: (bytes: Buffer) => void): void {
  // Of one that is paused the stream has some as well.
  const kept: unknown = socket.read();
  if (Buffer.isBuffer(kept)) onBytes(kept);
  // What Node knows of the descriptor is on its own object only.
  const handle: unknown = Reflect.get(socket, '_handle');
  const file: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : null;
  if (typeof file !== 'number' || file < 0) return;
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const length = readSync(file, chunk);
      if (length === 0) return;
      onBytes(chunk.subarray(0, length));
    }
  } catch {
    // Nothing is left, or nothing more can be had.
  }
}
