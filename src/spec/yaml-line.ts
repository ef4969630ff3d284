/** One line of a text, without its end. */
export interface Line {
  readonly start: number;
  readonly text: string;
}

/** The line that an offset is in. */
export function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', start);
  return { start, text: text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '') };
}

/** How many spaces a line begins with. */
export function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** Whether a line begins as a `key:` or an item of a list does. */
export function beginsEntry(line: string): boolean {
  return /^ *(?:- |-$|(?:[\w./-]+|"[^"]*"|'[^']*') *:(?:\s|$))/.test(line);
}

/** Whether an odd number of quotes stands before a place of a line. */
export function isQuoted(text: string, offset: number): boolean {
  const before = text.slice(0, offset);
  return (before.match(/"/g)?.length ?? 0) % 2 === 1 || (before.match(/'/g)?.length ?? 0) % 2 === 1;
}
