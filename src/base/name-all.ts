/** So many are named in a sentence. */
export const namedAtMost = 3;

/** Names in a sentence: the first of them, and how many more there are. */
export function nameAll(all: readonly string[]): string {
  const names = all.slice(0, namedAtMost).map((name) => `\`${name}\``);
  const others = all.length - names.length;
  if (others > 0) names.push(`${others} more`);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}
