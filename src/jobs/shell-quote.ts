/** One word of a shell line, byte for byte as GNU parallel quotes it, so that job logs of both can be compared. */
export function shellQuote(text: string): string {
  if (text === '') return "''";
  if (!/[^-_.+A-Za-z0-9/]/.test(text)) return text;
  return `'${text.replaceAll("'", `'"'"'`)}'`.replace(/^''/, '').replace(/''$/, '');
}
