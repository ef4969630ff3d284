import { basename, dirname, join } from 'node:path';
import type { EngineEvent } from '../../engine/engine-event.ts';
import type { Plan } from '../../plan/plan.ts';
import { faultOfPlace, maxPathBytes, socketPlaces } from '../door/socket-place.ts';
import type { RunFolder } from '../run-folder/run-folder.ts';
import { NotifySockets, type NotifySocketsOptions } from './notify-sockets.ts';

/** What the sockets of a run are opened for. */
export interface NotifyOptions extends Pick<NotifySocketsOptions, 'guard' | 'warn'> {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly environment: Readonly<Record<string, string>>;
  readonly post: (event: EngineEvent) => void;
}

/** A run has had fewer attempts than this. */
const longestName = '/99999999';

/** The sockets of a run; nothing is started for a plan in which nobody needs one. */
export function openNotifySockets({ plan, folder, environment, post, ...options }: NotifyOptions): NotifySockets {
  const isNeeded = plan.instances.some(({ readinessProbe }) => readinessProbe?.type === 'notify');
  const sockets = new NotifySockets({
    ...options,
    places: isNeeded ? placesOf(folder, environment) : [],
    path: environment['PATH'] ?? '/usr/bin:/bin',
    found: (probe) => post({ type: 'probed', probe, ok: true, message: '' }),
  });
  if (isNeeded) sockets.start();
  return sockets;
}

/** Beside the socket of the run, in a folder of their own. */
function placesOf({ path, id }: RunFolder, environment: Readonly<Record<string, string>>): readonly string[] {
  return socketPlaces(path, id, environment).flatMap((place) => {
    const folder = join(dirname(place), `${basename(place, '.sock')}.notify`);
    const isShort = Buffer.byteLength(folder + longestName) <= maxPathBytes;
    return isShort && (dirname(place) === path || faultOfPlace(dirname(place)) === null) ? [folder] : [];
  });
}
