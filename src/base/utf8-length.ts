/** Length of a text in bytes once it is written as UTF-8; half of a surrogate pair counts as the U+FFFD that it becomes. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes += 1;
    else if (point < 0x800) bytes += 2;
    else if (point < 0x1_00_00) bytes += 3;
    else bytes += 4;
  }
  return bytes;
}
