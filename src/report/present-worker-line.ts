import { bareText } from './bare-text.ts';
import { resetSequence } from './create-style.ts';

/** A colour or weight, the one kind of control sequence that stays within its line. */
// oxlint-disable-next-line no-control-regex -- Escape is what it begins with.
const graphicRendition = /(\u001B\[[\d;:]*m)/;
/** What a line without anything to take out consists of; most lines. */
// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const anyControl = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/;

/**
 * Makes a worker's line fit to stand among those of others, on a terminal, in a file and in a pipe
 * alike: what could move the cursor or clear the screen is taken out, and of what a carriage return
 * lets a worker write over, as a progress bar does, the last state with any text in it is shown.
 * Colours pass where they are wanted, and end with the line. The log files of a run have every byte
 * as it came.
 *
 * @param color false takes colours out, too
 */
export function presentWorkerLine(line: string, color: boolean): string {
  if (!anyControl.test(line)) return line;
  const states = line.split('\r');
  const last = states.findLast((state) => bareText(state) !== '') ?? '';
  if (!color) return bareText(last);
  const shown = last
    .split(graphicRendition)
    .map((part, index) => (index % 2 === 1 ? part : bareText(part)))
    .join('');
  return leavesLook(shown) ? `${shown}${resetSequence}` : shown;
}

function leavesLook(text: string): boolean {
  const last = text.split(graphicRendition).at(-2);
  return last !== undefined && last !== resetSequence;
}
