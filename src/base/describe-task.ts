import { asText } from './as-text.ts';
import type { Json } from './json.ts';

/** Characters of an item that are enough to know it by. */
const shownLength = 40;

/** A task's item as one short quoted line for people; null where nothing of it can be seen. */
export function showItem(item: Json): string | null {
  const [line = '', ...rest] = asText(item).split('\n');
  if (line.trim() === '') return null;
  const characters = Array.from(line);
  const isCut = characters.length > shownLength || rest.length > 0;
  return `\`${characters.slice(0, shownLength).join('')}${isCut ? '…' : ''}\``;
}

/** A task by its number and its item, such as ``task 3 (`a.txt`)``. */
export function describeTask(index: number, item: Json): string {
  const shown = showItem(item);
  return shown === null ? `task ${index}` : `task ${index} (${shown})`;
}
