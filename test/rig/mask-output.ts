/**
 * Replaces what differs from run to run: ids of runs, process ids and running times. Nothing else may be
 * masked, so that a golden file still says what the user sees.
 */
export function maskOutput(text: string): string {
  return text
    .replaceAll(/\b\d{8}T\d{9}Z-[0-9a-f]+\b/gu, '<id>')
    .replaceAll(/\b(?<label>pid:? )\d+\b/gu, '$<label><pid>')
    // In a table, a shorter time has more blanks before it.
    .replaceAll(/(?<gap> {2,}|\b)\d+(?:\.\d+)?\s?(?:ms|s)\b/gu, (_match, gap: string) => `${gap === '' ? '' : '  '}<ms>`);
}
