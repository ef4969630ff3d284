import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** The ends that a server of this process has of connections, as they come, until it is told to stop. */
export interface DoorEnds {
  readonly ends: readonly Socket[];
  readonly stop: () => void;
}

/** From now on the ends of new connections are noted. */
export function noteEnds(): DoorEnds {
  const ends: Socket[] = [];
  const note = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'socket' in message && message.socket instanceof Socket) ends.push(message.socket);
  };
  subscribe('net.server.socket', note);
  return { ends, stop: () => unsubscribe('net.server.socket', note) };
}
