import type { Scalar } from 'yaml';

/** A scalar as it is written: `3.10`, `0644`, `true` stay text. */
export function writtenText(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
}
