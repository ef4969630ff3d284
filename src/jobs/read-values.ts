import { parseDuration } from '../base/duration.ts';
import type { JobTimeout } from './job-pool.ts';

/** What `-j 0` means: as many as there can be, with a limit that a machine bears. */
const mostSlots = 250;

/** Jobs at once, from what `-j` says and the number of CPUs; null where that is nothing. */
export function readSlots(written: string, cpus: number): number | null {
  const { sign, number, percent } = /^(?<sign>[+-]?)(?<number>\d+(?:\.\d+)?)(?<percent>%?)$/.exec(written)?.groups ?? {};
  if (number === undefined) return null;
  const value = Number(number);
  if (percent === '%') return sign === '' ? atLeastOne((cpus * value) / 100) : null;
  if (!Number.isInteger(value)) return null;
  if (sign === '+') return cpus + value;
  if (sign === '-') return atLeastOne(cpus - value);
  return value === 0 ? mostSlots : value;
}

function atLeastOne(slots: number): number {
  return Math.max(1, Math.ceil(slots));
}

/** Attempts of a job, from what `--retries` says; null where that is nothing. */
export function readAttempts(written: string): number | null {
  if (!/^\d+$/.test(written)) return null;
  const attempts = Number(written);
  return attempts === 0 ? Number.POSITIVE_INFINITY : attempts;
}

const withUnits = /^(?:(?<d>[\d.]+)d)?(?:(?<h>[\d.]+)h)?(?:(?<m>[\d.]+)m)?(?:(?<s>[\d.]+)s?)?$/i;
const secondsOf = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** The time of a job, from what `--timeout` says: seconds, units as GNU parallel or mpctl writes them, or a percentage. */
export function readTimeout(written: string): JobTimeout | null {
  const percent = /^(?<percent>\d+(?:\.\d+)?)%$/.exec(written)?.groups?.['percent'];
  if (percent !== undefined) return Number(percent) > 0 ? { type: 'percent', percent: Number(percent) } : null;
  const ms = parseDuration(written) ?? readUnits(written);
  return ms !== null && ms > 0 && Number.isFinite(ms) ? { type: 'ms', ms } : null;
}

function readUnits(written: string): number | null {
  const units = withUnits.exec(written)?.groups;
  if (units === undefined) return null;
  let seconds = 0;
  for (const [unit, count] of Object.entries(secondsOf)) seconds += Number(units[unit] ?? 0) * count;
  return Number.isNaN(seconds) ? null : seconds * 1000;
}
