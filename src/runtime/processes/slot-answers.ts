import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** One for all reads: answers are short, and fresh memory for each costs more than the read. */
const readBuffer = Buffer.allocUnsafe(4096);

/**
 * Reads the lines in which a shell answers, from a named pipe: through a stream of Node they cost several times as much.
 * `fd` does not block, and is closed here; `onEnd` hears when the shell has closed its end and every line was told.
 */
export function readSlotAnswers(fd: number, onLine: (line: string) => void, onEnd: () => void): void {
  let unread = '';
  const callback = (length: number): boolean => {
    const lines = (unread + readBuffer.toString('latin1', 0, length)).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    return true;
  };
  // Of a socket that is made from a descriptor the types do not know `onread`.
  const options: SocketConstructorOpts & ConnectOpts = { fd, readable: true, writable: false, onread: { buffer: readBuffer, callback } };
  const socket = new Socket(options);
  // An error of reading is the end of what can be had; `close` follows it.
  socket.on('error', () => {});
  socket.on('close', onEnd);
  socket.resume();
}
