/** @throws where an option is none: no round at all would be right. */
export function wholeNumber(text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) throw new Error(`\`${text}\` is no whole number from ${least} on`);
  return number;
}
