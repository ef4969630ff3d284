import type { FillPlace } from './fill-place.ts';

/** More instances of one process, or slots of one pool, than any machine runs. */
export const mostInstances = 100_000;
/** More tasks than a matrix may have: they are all made before the run, where a range or a file is read as it goes. */
export const mostMatrixTasks = 1_000_000;

/** Whether a spec asks for so many that to name them all would take for ever; then MP141 is reported. */
export function isTooMany(at: FillPlace, count: number, most: number, what: string, hint: string): boolean {
  if (count <= most) return false;
  at.context.report('MP141', { place: at.place, part: 'value' }, `these are ${numeral(count)} ${what}, and there are at most ${numeral(most)}`, { hint });
  return true;
}

function numeral(count: number): string {
  return count.toLocaleString('en-US');
}
