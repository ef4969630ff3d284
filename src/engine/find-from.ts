/**
 * The place of the first element that fits, looked for from `from` on and then round from the beginning;
 * -1 where none does. Whoever begins where it found something last does not pass again over the thousands
 * that no longer fit.
 */
export function findFrom<Element>(
  list: readonly Element[],
  from: number,
  fits: (element: Element) => boolean,
): number {
  for (let step = 0; step < list.length; step += 1) {
    const place = (from + step) % list.length;
    const element = list[place];
    if (element !== undefined && fits(element)) return place;
  }
  return -1;
}
