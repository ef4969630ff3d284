/** A duration as the spec would write it: `250ms`, `2s`, `1m30s`. */
export function describeDuration(durationMs: number): string {
  const rounded = Math.round(durationMs);
  if (rounded < 1000) return `${rounded}ms`;
  if (rounded < 60_000) return `${Number((rounded / 1000).toFixed(rounded % 1000 === 0 ? 0 : 1))}s`;
  const whole = Math.round(rounded / 1000);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = whole % 60;
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`;
}
