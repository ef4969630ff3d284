import type { Socket } from 'node:net';

const acts = new WeakMap<Socket, (() => void)[]>();

/** What is to be done at the end of a connection that asks, by `Mpctl-Hold`, to hold what it acquires; null where it does not ask. */
export function closeOf(socket: Socket, hold: string | string[] | undefined): ((act: () => void) => void) | null {
  if (hold !== 'connection') return null;
  return (act) => {
    const known = acts.get(socket);
    known?.push(act);
    if (known !== undefined) return;
    const all = [act];
    acts.set(socket, all);
    socket.once('close', () => {
      for (const one of all) one();
    });
  };
}
