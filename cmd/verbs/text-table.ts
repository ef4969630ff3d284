/** Rows under a head, in columns as wide as they need; the last one is not padded. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, index) => Math.max(...all.map((cells) => cells[index]?.length ?? 0)));
  return all.map((cells) => cells.map((text, index) => text.padEnd(widths[index] ?? 0)).join('  ').trimEnd()).join('\n');
}
