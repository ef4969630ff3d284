import { stripVTControlCharacters } from 'node:util';

import { resetSequence } from './create-style.ts';

/** A colour or weight, the one kind of control sequence that stays within its line. */
// oxlint-disable-next-line no-control-regex -- Escape is what it begins with.
const graphicRendition = /(\u001B\[[\d;:]*m)/;
/** Control characters that would move the cursor or ring; a tab stays. */
// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const controlCharacters = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;

/**
 * Makes a worker's line fit to stand among others. A file or pipe gets every character, with the
 * look ended at the end of the line. On a terminal a carriage return shows what it would have left
 * visible, and everything that could move the cursor is taken out, since it would tear the lines of
 * others; colours pass if they are wanted.
 */
export function presentWorkerLine(
  line: string,
  place: { readonly isTerminal: boolean; readonly color: boolean },
): string {
  if (!place.isTerminal) return endLook(line);
  const visible = lastOverwrite(line);
  if (!place.color) return stripVTControlCharacters(visible).replaceAll(controlCharacters, '');
  const parts = visible.split(graphicRendition);
  const shown = parts.map((part, index) =>
    index % 2 === 1 ? part : stripVTControlCharacters(part).replaceAll(controlCharacters, ''),
  );
  return endLook(shown.join(''));
}

function lastOverwrite(line: string): string {
  const settled = line.replace(/\r+$/, '');
  return settled.slice(settled.lastIndexOf('\r') + 1);
}

function endLook(line: string): string {
  return graphicRendition.test(line) && !line.endsWith(resetSequence)
    ? `${line}${resetSequence}`
    : line;
}
