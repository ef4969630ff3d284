import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

/** Whoever hears one of these may have set a clock, or is to be told something. */
const tellingSignals = ['SIGALRM', 'SIGVTALRM', 'SIGPROF', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Whether only what comes over this socket can make the program go on: its event loop has no timer, child,
 * file, other socket or input to hear from. False where that cannot be told. What a program has said not
 * to wait for (`unref`) is not seen.
 */
export function onlyWaits(socket: Socket): boolean {
  if (!isMainThread || tellingSignals.some((signal) => process.listenerCount(signal) > 0)) return false;
  if (!process.getActiveResourcesInfo().every((resource) => resource === 'PipeWrap' || resource === 'TTYWrap')) return false;
  // Which pipes these are, only Node's own list of them tells.
  const list: unknown = Reflect.get(process, '_getActiveHandles');
  const handles: unknown = typeof list === 'function' ? Reflect.apply(list, process, []) : null;
  return Array.isArray(handles) && handles.every((handle: unknown) => handle === socket || isIdleOutput(handle));
}

/** Standard output or error, with nothing left to write. */
function isIdleOutput(handle: unknown): boolean {
  if (!(handle instanceof Socket)) return false;
  const descriptor: unknown = Reflect.get(handle, 'fd');
  return (descriptor === 1 || descriptor === 2) && handle.writableLength === 0;
}
