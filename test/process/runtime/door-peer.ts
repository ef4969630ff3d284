import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { noteEnds } from './door-ends.ts';
import { openStream, type OpenDoor, type RawClient } from './door-harness.ts';

/** A client whose pieces the door reads one by one: what is written within one turn of the event loop comes as one. */
export interface PiecewiseClient extends RawClient {
  /** What the door has read, read by read. */
  readonly reads: readonly Buffer[];
  /** The door's end of the connection. */
  readonly end: Socket;
  /** Whether the door reads no more for now, since too much of what it said is unread. */
  doorPauses(): boolean;
  /** Bytes that the door keeps for this client. */
  keptBytes(): number;
  /** Writes one piece and waits until the door has read it. */
  writeAlone(bytes: Uint8Array): Promise<void>;
}

/** Connects and upgrades, and keeps an eye on the door's end of the connection. */
export async function openPiecewise(door: OpenDoor, instance: string, pid = 1): Promise<PiecewiseClient> {
  const { ends, stop } = noteEnds();
  const client = await openStream(door, instance, pid);
  stop();
  const [end, another] = ends;
  if (end === undefined || another !== undefined) throw new Error(`${String(ends.length)} connections came, not one`);
  const reads: Buffer[] = [];
  end.on('data', (bytes: Buffer) => reads.push(bytes));
  return {
    ...client,
    reads,
    end,
    doorPauses: () => end.isPaused(),
    keptBytes: () => end.writableLength,
    writeAlone: async (bytes) => {
      client.socket.write(bytes);
      while (!end.destroyed && end.bytesRead < client.socket.bytesWritten) await turn();
    },
  };
}
