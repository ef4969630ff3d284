/**
 * Replaces what differs from run to run: these ids, process ids, how long something took and what was not read in that time. Nothing else
 * may be masked, so that a golden file still says what the user sees.
 *
 * @param ids of runs, and of folders that were made for a test
 */
export function maskOutput(text: string, ids: readonly string[]): string {
  const withoutIds = ids.reduce((rest, id) => rest.replaceAll(id, '<id>'), text);
  return maskTable(
    withoutIds
      .replaceAll(/\b\d+(?= lines were not shown\b)/gu, '<n>')
      .replaceAll(/\b(?<label>pid:? )\d+\b/gu, '$<label><pid>')
      .replaceAll(/^(?<label>success in|(?:failed|timed out|cancelled) after) \d+(?:\.\d+)? m?s\b/gmu, '$<label> <ms>'),
  );
}

/** Masks the durations in the closing table, a cell of it each; the cell keeps its width. */
function maskTable(text: string): string {
  let end: number | null = null;
  return text
    .split('\n')
    .map((line) => {
      const header = /^name +state +exit +duration(?= )/u.exec(line);
      if (header !== null) end = header[0].length;
      if (end === null) return line;
      const cell = / +\d+(?:\.\d+)? m?s$/u.exec(line.slice(0, end))?.[0];
      if (cell === undefined) return line;
      return `${line.slice(0, end - cell.length)}${'<ms>'.padStart(cell.length)}${line.slice(end)}`;
    })
    .join('\n');
}
