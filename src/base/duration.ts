const written =
  /^(?=\d)(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m(?!s))?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+(?:\.\d+)?)ms)?$/;

const msOfUnit = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** Milliseconds of a duration such as `250ms`, `2s`, `1m30s`, `1h`; null where it is none. */
export function parseDuration(text: string): number | null {
  const units = written.exec(text)?.groups;
  if (units === undefined) return null;
  let totalMs = 0;
  for (const [unit, ms] of Object.entries(msOfUnit)) totalMs += Number(units[unit] ?? 0) * ms;
  return totalMs;
}
