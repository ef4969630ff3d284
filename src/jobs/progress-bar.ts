/** How far a pool is. */
export interface Progress {
  readonly done: number;
  readonly failed: number;
  /** Null while more may come. */
  readonly total: number | null;
  readonly elapsedMs: number;
}

const mostCells = 30;
/** What the figures take at most. */
const figureCells = 50;

/** One line, without its end, for a terminal of so many columns: done/total, rate, time left, failures. */
export function progressBar({ done, failed, total, elapsedMs }: Progress, columns: number, color: boolean): string {
  const perSecond = elapsedMs === 0 ? 0 : (done * 1000) / elapsedMs;
  const figures = [`${done}/${total ?? '?'}`, `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`];
  if (total !== null && done < total && done > 0) figures.push(`${clock(((total - done) / done) * elapsedMs)} left`);
  // The last column stays free, or the terminal would begin a new line.
  const text = figures.join('  ').slice(0, Math.max(0, columns - 1));
  const failures = failed === 0 ? '' : `  ${failed} failed`;
  const cells = Math.min(mostCells, columns - figureCells);
  const filled = total === null || total === 0 ? 0 : Math.floor((done / total) * cells);
  const bar = cells < 8 || total === null ? '' : `${'█'.repeat(filled)}${'░'.repeat(cells - filled)}  `;
  const room = Math.max(0, columns - 1 - bar.length - text.length);
  const told = failures.slice(0, room);
  return `${bar}${text}${color && told !== '' ? `\u001B[31m${told}\u001B[39m` : told}`;
}

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = parts;
  const shown = hours === 0 ? rest : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
