import { NotInRun } from './errors.ts';
import { type Door, openStream } from './open-stream.ts';
import { Run } from './run.ts';

/**
 * Connects to the run that this program was started by, or to the one given. One connection serves a
 * whole process, and does not keep it alive by itself.
 *
 * @throws NotInRun where the program was not started by mpctl, Disconnected where its run has ended.
 */
export async function connect(door: Partial<Door> = {}): Promise<Run> {
  const socket = door.socket ?? process.env['MPCTL_SOCKET'];
  const authkey = door.authkey ?? process.env['MPCTL_AUTHKEY'];
  if (socket === undefined || authkey === undefined) {
    const missing = socket === undefined ? 'MPCTL_SOCKET' : 'MPCTL_AUTHKEY';
    throw new NotInRun('not_in_run', `${missing} is not set: this program was not started by \`mpctl run\``);
  }
  return Run.over(await openStream({ socket, authkey }));
}
