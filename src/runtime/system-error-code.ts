/** The code of a system error such as `ENOENT`, or of an error of Node itself; null for other values. */
export function systemErrorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
