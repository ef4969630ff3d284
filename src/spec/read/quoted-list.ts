/** `` `a`, `b` and `c` `` for a sentence. */
export function quotedList(words: readonly string[], last: 'and' | 'or' = 'or'): string {
  const quoted = words.map((word) => `\`${word}\``);
  const final = quoted.pop();
  if (final === undefined) return '';
  return quoted.length === 0 ? final : `${quoted.join(', ')} ${last} ${final}`;
}
