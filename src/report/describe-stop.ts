import { formatDuration } from './format-duration.ts';

/**
 * What something is being stopped with.
 *
 * @param signal the signal, or `command` for its stop command
 * @param leftMs until SIGKILL, or until the time of the stop command is over
 */
export function describeStop(signal: string, leftMs: number): string {
  if (signal === 'command') return `its stop command${leftMs > 0 ? `, ${formatDuration(leftMs)} left` : ''}`;
  return signal === 'SIGKILL' || leftMs <= 0 ? 'SIGKILL' : `${signal}, SIGKILL in ${formatDuration(leftMs)}`;
}
