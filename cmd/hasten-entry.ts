import { findCgroup } from '../src/runtime/containment/find-cgroup.ts';
import { hastenMove } from '../src/runtime/containment/hasten-move.ts';
import type { Host } from './host.ts';

/**
 * By the time a run is loaded and its plan is ready, mpctl may enter a cgroup for it at once. Called again once the program is
 * loaded: what the kernel has got ready lasts some ten ms, after which all of the wait would begin anew.
 */
export function hastenEntry({ isOwnProcess, outside }: Host): void {
  if (isOwnProcess !== true || (outside ?? null) !== null) return;
  const place = findCgroup();
  if (place.type === 'folder' && place.isDelegated) hastenMove(place.folder);
}
